// summary: How an entity is related to others, each paper's claim with its sentence.
// param name: string = "MMLU" | name, alias or id of an entity
// column relation: the relationship type
// column outgoing: whether it runs from this entity to the other
// column other: the other entity
// column other_id: its id
// column other_type: its type
// column paper: the paper's title, or how its abstract begins
// column paper_id: the paper's id
// column confidence: how sure the extraction is
// column evidence: the sentence
// order: relation, direction, surest first, other, paper
MATCH (e:Entity)
WHERE (e.id = $name OR toLower(e.name) = toLower($name) OR any(alias IN e.aliases WHERE toLower(alias) = toLower($name)))
MATCH (e)-[r]-(other:Entity)
WITH e, r, other, r.paper AS said_by
MATCH (p:Paper {id: said_by})
RETURN type(r) AS relation, startNode(r).id = e.id AS outgoing, other.name AS other, other.id AS other_id,
  head([l IN labels(other) WHERE l <> 'Entity']) AS other_type, coalesce(p.title, left(p.abstract, 80) + '…') AS paper, p.id AS paper_id,
  r.confidence AS confidence, r.evidence AS evidence
ORDER BY relation, outgoing DESC, confidence DESC, other_id, p.id
