// summary: The family of an entity: what it is a kind of or built on, and what is a kind of it or built on it.
// param name: string = "Transformer" | name, alias or id of an entity
// column direction: up (what it descends from) or down (what descends from it)
// column relation: SUBCLASS_OF or BASED_ON
// column relative: the other entity
// column paper: the paper's title, or how its abstract begins
// column confidence: how sure the extraction is
// column evidence: the sentence
// order: up before down, then relation, relative, paper
MATCH (e:Entity)
WHERE (e.id = $name OR toLower(e.name) = toLower($name) OR any(alias IN e.aliases WHERE toLower(alias) = toLower($name)))
MATCH (e)-[r:SUBCLASS_OF|BASED_ON]-(other:Entity)
WITH e, r, other, r.paper AS said_by
MATCH (p:Paper {id: said_by})
RETURN CASE WHEN startNode(r).id = e.id THEN 'up' ELSE 'down' END AS direction, type(r) AS relation,
  other.name AS relative, coalesce(p.title, left(p.abstract, 80) + '…') AS paper, r.confidence AS confidence, r.evidence AS evidence
ORDER BY direction DESC, relation, relative, p.id
