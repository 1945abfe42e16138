// summary: Papers that report a ratio or change of compute, cost, time, memory, data or speed.
// column value: the number
// column unit: its unit
// column direction: increase or decrease of what is measured
// column measured: what is measured
// column method: what has the number
// column paper: the paper's title, or how its abstract begins
// column evidence: the sentence
// order: unit, largest first
MATCH (p:Paper)-[:REPORTS]->(r:Result)
WHERE r.kind IN ['ratio', 'change']
OPTIONAL MATCH (r)-[:MEASURES]->(m:Metric)
OPTIONAL MATCH (r)-[:OF]->(s:Entity)
WITH p, r, s, coalesce(m.name, r.metric) AS measured
WHERE any(word IN ['compute', 'cost', 'time', 'memory', 'flops', 'speed', 'latency', 'throughput', 'data', 'token', 'parameter']
  WHERE toLower(measured) CONTAINS word)
RETURN r.value AS value, r.unit AS unit, r.direction AS direction, measured, s.name AS method, coalesce(p.title, left(p.abstract, 80) + '…') AS paper,
  r.evidence AS evidence
ORDER BY unit, value DESC, r.id
