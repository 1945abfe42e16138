// summary: Methods and models that papers use for a task, by how many papers say so.
// param task: string = "question answering" | name, alias or id of a task
// column name: the method or model
// column type: Method or Model
// column papers: how many papers use it for the task
// column evidence: one sentence that says so, of the surest
// order: most papers first, then name
MATCH (e:Entity)-[r:USED_FOR]->(t:Task)
WHERE (t.id = $task OR toLower(t.name) = toLower($task) OR any(alias IN t.aliases WHERE toLower(alias) = toLower($task)))
WITH e, r ORDER BY r.confidence DESC, r.paper
WITH e, count(DISTINCT r.paper) AS papers, collect(r.evidence)[0] AS evidence
RETURN e.name AS name, head([l IN labels(e) WHERE l <> 'Entity']) AS type, papers, evidence
ORDER BY papers DESC, name
