// summary: How many nodes and relationships there are of each kind.
// column kind: node or relationship
// column name: label or relationship type
// column n: how many
// order: kind, name
MATCH (n)
UNWIND labels(n) AS name
RETURN 'node' AS kind, name, count(*) AS n
ORDER BY name
UNION ALL
MATCH ()-[r]->()
RETURN 'relationship' AS kind, type(r) AS name, count(*) AS n
ORDER BY name
