// summary: Reported numbers, filtered by any of dataset, metric, task and method; best first for each metric.
// param dataset: string = null | name, alias or id of a dataset
// param metric: string = null | name, alias or id of a metric
// param task: string = null | name, alias or id of a task that the dataset measures or the method is used for
// param method: string = null | name, alias or id of the method or model that has the number
// param kind: string = null | score, change, ratio, size or cost
// param confidence: float = 0.0 | least confidence
// column dataset: what it was measured on
// column metric: what was measured
// column kind: score, change, ratio, size or cost
// column value: the number, multipliers out
// column unit: its unit, empty for a bare score
// column text: the number as written
// column direction: increase or decrease, of a change or ratio
// column better: higher or lower, where the metric is known
// column method: what has the number
// column baseline: what it is compared with
// column setting: the condition that tells it from its neighbours
// column paper: the paper's title, or how its abstract begins
// column paper_id: the paper's id
// column year: the paper's year
// column result_id: the result's id
// column confidence: how sure the extraction is
// column evidence: the sentence
// order: dataset, metric, kind, unit, then best first
OPTIONAL MATCH (t:Task)<-[:BENCHMARK_FOR|USED_FOR]-(x:Entity)
WHERE (t.id = $task OR toLower(t.name) = toLower($task) OR any(alias IN t.aliases WHERE toLower(alias) = toLower($task)))
WITH collect(DISTINCT x.id) AS of_task
MATCH (p:Paper)-[:REPORTS]->(r:Result)
WHERE r.confidence >= $confidence AND ($kind IS NULL OR r.kind = $kind)
OPTIONAL MATCH (r)-[:ON]->(d:Dataset)
OPTIONAL MATCH (r)-[:MEASURES]->(m:Metric)
OPTIONAL MATCH (r)-[:OF]->(s:Entity)
OPTIONAL MATCH (r)-[:AGAINST]->(b:Entity)
WITH p, r, d, m, s, b, of_task
WHERE ($dataset IS NULL OR (d.id = $dataset OR toLower(d.name) = toLower($dataset) OR any(alias IN d.aliases WHERE toLower(alias) = toLower($dataset))))
  AND ($metric IS NULL OR (m.id = $metric OR toLower(m.name) = toLower($metric) OR any(alias IN m.aliases WHERE toLower(alias) = toLower($metric))))
  AND ($method IS NULL OR (s.id = $method OR toLower(s.name) = toLower($method) OR any(alias IN s.aliases WHERE toLower(alias) = toLower($method))))
  AND ($task IS NULL OR d.id IN of_task OR s.id IN of_task)
RETURN d.name AS dataset, coalesce(m.name, r.metric) AS metric, r.kind AS kind, r.value AS value, r.unit AS unit,
  r.text AS text, r.direction AS direction, m.better AS better, s.name AS method, b.name AS baseline,
  r.setting AS setting, coalesce(p.title, left(p.abstract, 80) + '…') AS paper, p.id AS paper_id, p.year AS year, r.id AS result_id,
  r.confidence AS confidence, r.evidence AS evidence
ORDER BY coalesce(d.name, '~'), coalesce(m.name, r.metric, '~'), r.kind, r.unit,
  CASE WHEN m.better = 'lower' THEN r.value ELSE -r.value END, r.id
