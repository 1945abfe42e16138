// summary: What a paper says: its entities with their roles and sentences.
// param paper: string = null | id of a paper, or words of its title
// column paper: the paper's title, or how its abstract begins
// column role: INTRODUCES, USES, COMPARES_WITH or MENTIONS
// column name: the entity
// column type: its type
// column mentions: how the paper writes it
// column confidence: how sure the extraction is
// column evidence: the sentence
// order: paper, role, type, name
MATCH (p:Paper)-[r:INTRODUCES|USES|COMPARES_WITH|MENTIONS]->(e:Entity)
WHERE p.id = $paper OR toLower(p.title) CONTAINS toLower($paper)
RETURN coalesce(p.title, left(p.abstract, 80) + '…') AS paper, type(r) AS role, e.name AS name, head([l IN labels(e) WHERE l <> 'Entity']) AS type,
  r.mentions AS mentions, r.confidence AS confidence, r.evidence AS evidence
ORDER BY p.id,
  CASE type(r) WHEN 'INTRODUCES' THEN 0 WHEN 'USES' THEN 1 WHEN 'COMPARES_WITH' THEN 2 ELSE 3 END, type, name
