// summary: Datasets that measure a task, by how many papers say so.
// param task: string = "question answering" | name, alias or id of a task
// column name: the dataset
// column papers: how many papers say that it measures the task
// column results: how many numbers are reported on it
// column evidence: one sentence that says so, of the surest
// order: most papers first, then name
MATCH (d:Dataset)-[r:BENCHMARK_FOR]->(t:Task)
WHERE (t.id = $task OR toLower(t.name) = toLower($task) OR any(alias IN t.aliases WHERE toLower(alias) = toLower($task)))
WITH d, r ORDER BY r.confidence DESC, r.paper
WITH d, count(DISTINCT r.paper) AS papers, collect(r.evidence)[0] AS evidence
RETURN d.name AS name, papers, COUNT { (d)<-[:ON]-(:Result) } AS results, evidence
ORDER BY papers DESC, name
