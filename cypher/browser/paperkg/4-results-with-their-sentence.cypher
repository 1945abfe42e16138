// 4 What was reported on a dataset, by whom, and where it says so
MATCH path = (p:Paper)-[:REPORTS]->(r:Result)-[:ON]->(d:Dataset)
WHERE toLower(d.name) = toLower('GSM8K')
OPTIONAL MATCH subject = (r)-[:OF]->(:Entity)
OPTIONAL MATCH metric = (r)-[:MEASURES]->(:Metric)
RETURN path, subject, metric, r.evidence AS sentence
LIMIT 40;
