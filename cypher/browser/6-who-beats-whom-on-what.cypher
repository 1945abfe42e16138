// Who beats whom on what: a comparison with the dataset that both sides meet on
MATCH path = (a:Entity)-[:COMPARED_WITH]->(b:Entity)
MATCH on_what = (a)-[:EVALUATED_ON]->(d:Dataset)
RETURN path, on_what
LIMIT 60;
