// summary: What a method or model is made of.
// param name: string = null | name, alias or id of a method or model; null for all
// column whole: the method or model
// column part: its component or step
// column paper: the paper's title, or how its abstract begins
// column confidence: how sure the extraction is
// column evidence: the sentence
// order: whole, surest first, part
MATCH (part:Entity)-[r:PART_OF]->(whole:Entity)
WHERE $name IS NULL OR (whole.id = $name OR toLower(whole.name) = toLower($name) OR any(alias IN whole.aliases WHERE toLower(alias) = toLower($name)))
WITH part, r, whole, r.paper AS said_by
MATCH (p:Paper {id: said_by})
RETURN whole.name AS whole, part.name AS part, coalesce(p.title, left(p.abstract, 80) + '…') AS paper, r.confidence AS confidence, r.evidence AS evidence
ORDER BY whole, confidence DESC, part, p.id
