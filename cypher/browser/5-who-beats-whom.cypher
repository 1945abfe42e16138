// Who beats whom: comparisons between methods and models
MATCH path = (a:Entity)-[r:COMPARED_WITH]->(b:Entity)
RETURN path, r.evidence AS sentence
ORDER BY r.confidence DESC
LIMIT 60;
