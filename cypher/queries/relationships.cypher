// summary: Every relationship as it is stored.
// column start: id of the node it runs from
// column stop: id of the node it runs to
// column relationship: type and properties
// order: type, ends, paper
MATCH (a)-[r]->(b)
RETURN a.id AS start, b.id AS stop, r AS relationship
ORDER BY type(r), a.id, b.id, coalesce(r.paper, '')
