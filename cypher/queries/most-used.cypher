// summary: The 25 entities in the most papers, of one type or of all.
// param type: string = null | Method, Model, Dataset, Metric or Task
// column name: the entity
// column type: its type
// column papers: how many papers speak of it
// order: most papers first, then name
MATCH (e:Entity)
WHERE $type IS NULL OR $type IN labels(e)
RETURN e.name AS name, head([l IN labels(e) WHERE l <> 'Entity']) AS type, e.papers AS papers
ORDER BY papers DESC, name, e.id
LIMIT 25
