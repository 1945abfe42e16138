// Finds and removes what a store holds beyond a graph. Only the graph's own labels are looked at.

// nodes
MATCH (n)
WHERE n:Paper OR n:Entity OR n:Result OR n:Link
RETURN labels(n) AS labels, n.id AS id, elementId(n) AS element;

// relationships
MATCH (a)-[r]->(b)
WHERE (a:Paper OR a:Entity OR a:Result) AND (b:Entity OR b:Result OR b:Link)
RETURN type(r) AS type, a.id AS start, b.id AS stop, r.paper AS paper, elementId(r) AS element;

// remove nodes
UNWIND $elements AS element
MATCH (n)
WHERE elementId(n) = element
DETACH DELETE n;

// remove relationships
UNWIND $elements AS element
MATCH ()-[r]->()
WHERE elementId(r) = element
DELETE r;
