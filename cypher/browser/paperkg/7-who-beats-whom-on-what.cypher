// 7 Who beats whom on what: numbers that are a difference to a baseline
MATCH path = (p:Paper)-[:REPORTS]->(r:Result)-[:AGAINST]->(baseline:Entity)
MATCH subject = (r)-[:OF]->(:Entity)
OPTIONAL MATCH on_what = (r)-[:ON|MEASURES]->(:Entity)
RETURN path, subject, on_what, r.evidence AS sentence
LIMIT 12;
