// summary: Every node as it is stored.
// column node: labels and properties
// order: id
MATCH (n)
RETURN n AS node
ORDER BY n.id
