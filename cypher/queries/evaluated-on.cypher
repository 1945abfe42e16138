// summary: Methods and models measured on a dataset.
// param dataset: string = "ImageNet" | name, alias or id of a dataset
// column name: the method or model
// column type: Method or Model
// column paper: the paper's title, or how its abstract begins
// column confidence: how sure the extraction is
// column evidence: the sentence
// order: surest first, then name, paper
MATCH (e:Entity)-[r:EVALUATED_ON]->(d:Dataset)
WHERE (d.id = $dataset OR toLower(d.name) = toLower($dataset) OR any(alias IN d.aliases WHERE toLower(alias) = toLower($dataset)))
WITH e, r, d, r.paper AS said_by
MATCH (p:Paper {id: said_by})
RETURN e.name AS name, head([l IN labels(e) WHERE l <> 'Entity']) AS type, coalesce(p.title, left(p.abstract, 80) + '…') AS paper,
  r.confidence AS confidence, r.evidence AS evidence
ORDER BY confidence DESC, name, p.id
