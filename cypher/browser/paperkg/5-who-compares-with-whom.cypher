// 5 Who compares with whom: the paper's own method or model, and its baseline
MATCH path = (a:Entity)-[r:COMPARED_WITH]->(b:Entity)
RETURN path, r.evidence AS sentence
ORDER BY r.confidence DESC
LIMIT 30;
