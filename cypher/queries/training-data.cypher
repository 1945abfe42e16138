// summary: What a model or method was trained on.
// param model: string = null | name, alias or id of a model or method; null for all
// column model: what was trained
// column dataset: on what
// column paper: the paper's title, or how its abstract begins
// column confidence: how sure the extraction is
// column evidence: the sentence
// order: model, dataset, paper
MATCH (e:Entity)-[r:TRAINED_ON]->(d:Dataset)
WHERE $model IS NULL OR (e.id = $model OR toLower(e.name) = toLower($model) OR any(alias IN e.aliases WHERE toLower(alias) = toLower($model)))
WITH e, r, d, r.paper AS said_by
MATCH (p:Paper {id: said_by})
RETURN e.name AS model, d.name AS dataset, coalesce(p.title, left(p.abstract, 80) + '…') AS paper, r.confidence AS confidence, r.evidence AS evidence
ORDER BY model, dataset, p.id
