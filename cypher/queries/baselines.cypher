// summary: The 25 baselines that most papers compare themselves with.
// column name: the baseline
// column type: its type
// column papers: how many papers compare with it
// order: most papers first, then name
MATCH (p:Paper)-[:COMPARES_WITH]->(e:Entity)
RETURN e.name AS name, head([l IN labels(e) WHERE l <> 'Entity']) AS type, count(DISTINCT p) AS papers
ORDER BY papers DESC, name
LIMIT 25
