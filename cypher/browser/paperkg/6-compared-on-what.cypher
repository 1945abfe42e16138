// 6 Compared on what: comparisons, and the datasets that the same paper measures the first side on
MATCH path = (a:Entity)-[c:COMPARED_WITH]->(b:Entity)
MATCH on_what = (a)-[e:EVALUATED_ON]->(d:Dataset)
WHERE e.paper = c.paper
RETURN path, on_what, c.evidence AS sentence
LIMIT 60;
