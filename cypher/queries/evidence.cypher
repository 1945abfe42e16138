// summary: Every sentence that relates two entities.
// param first: string = "GPT-4" | name, alias or id of an entity
// param second: string = "MMLU" | name, alias or id of another
// column relation: the relationship type, as it runs
// column paper: the paper's title, or how its abstract begins
// column confidence: how sure the extraction is
// column evidence: the sentence
// order: surest first, paper, relation
MATCH (a:Entity)-[r]-(b:Entity)
WHERE (a.id = $first OR toLower(a.name) = toLower($first) OR any(alias IN a.aliases WHERE toLower(alias) = toLower($first))) AND (b.id = $second OR toLower(b.name) = toLower($second) OR any(alias IN b.aliases WHERE toLower(alias) = toLower($second)))
WITH r, r.paper AS said_by
MATCH (p:Paper {id: said_by})
RETURN startNode(r).name + ' ' + type(r) + ' ' + endNode(r).name AS relation, coalesce(p.title, left(p.abstract, 80) + '…') AS paper,
  r.confidence AS confidence, r.evidence AS evidence
ORDER BY confidence DESC, p.id, relation
