// summary: The papers that speak of an entity, by what it is to them.
// param name: string = "MMLU" | name, alias or id of an entity
// column role: INTRODUCES, USES, COMPARES_WITH or MENTIONS
// column paper: the paper's title, or how its abstract begins
// column paper_id: the paper's id
// column year: the paper's year
// column mentions: how the paper writes it
// column confidence: how sure the extraction is
// column evidence: the sentence
// order: INTRODUCES, USES, COMPARES_WITH, MENTIONS; then newest first, paper id
MATCH (e:Entity)
WHERE (e.id = $name OR toLower(e.name) = toLower($name) OR any(alias IN e.aliases WHERE toLower(alias) = toLower($name)))
MATCH (p:Paper)-[r:INTRODUCES|USES|COMPARES_WITH|MENTIONS]->(e)
RETURN type(r) AS role, coalesce(p.title, left(p.abstract, 80) + '…') AS paper, p.id AS paper_id, p.year AS year, r.mentions AS mentions,
  r.confidence AS confidence, r.evidence AS evidence
ORDER BY CASE type(r) WHEN 'INTRODUCES' THEN 0 WHEN 'USES' THEN 1 WHEN 'COMPARES_WITH' THEN 2 ELSE 3 END,
  -coalesce(p.year, 0), p.id
