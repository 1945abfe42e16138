// summary: Who compares with whom: pairs, and how many papers compare them.
// param name: string = null | one side of the comparison; null for all
// column head: the paper's own method, model or dataset
// column tail: what it is compared with
// column papers: how many papers compare them
// column evidence: one sentence that says so, of the surest
// order: most papers first, then names
MATCH (a:Entity)-[r:COMPARED_WITH]->(b:Entity)
WHERE $name IS NULL OR (a.id = $name OR toLower(a.name) = toLower($name) OR any(alias IN a.aliases WHERE toLower(alias) = toLower($name))) OR (b.id = $name OR toLower(b.name) = toLower($name) OR any(alias IN b.aliases WHERE toLower(alias) = toLower($name)))
WITH a, b, r ORDER BY r.confidence DESC, r.paper
WITH a, b, count(DISTINCT r.paper) AS papers, collect(r.evidence)[0] AS evidence
RETURN a.name AS head, b.name AS tail, papers, evidence
ORDER BY papers DESC, head, tail
