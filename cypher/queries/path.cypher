// summary: The shortest chain of facts between two entities, through papers, results or relations.
// param from: string = "MMLU" | id of an entity, or its name
// param to: string = "C4" | id of an entity, or its name
// column nodes: what the chain passes, with ids
// column types: the relationship types between them
// column forward: whether each relationship points along the chain
// column evidence: the sentence of each relationship, where it has one
// order: one row
MATCH (a:Entity)
WHERE (a.id = $from OR toLower(a.name) = toLower($from) OR any(alias IN a.aliases WHERE toLower(alias) = toLower($from)))
WITH a ORDER BY a.papers DESC, a.id LIMIT 1
MATCH (b:Entity)
WHERE (b.id = $to OR toLower(b.name) = toLower($to) OR any(alias IN b.aliases WHERE toLower(alias) = toLower($to))) AND b.id <> a.id
WITH a, b ORDER BY b.papers DESC, b.id LIMIT 1
MATCH chain = allShortestPaths((a)-[:INTRODUCES|USES|COMPARES_WITH|USED_FOR|EVALUATED_ON|TRAINED_ON|COMPARED_WITH|PART_OF|BASED_ON|SUBCLASS_OF|BENCHMARK_FOR*..8]-(b))
WITH chain ORDER BY reduce(ids = '', n IN nodes(chain) | ids + n.id + ' ') LIMIT 1
RETURN [n IN nodes(chain) | {id: n.id, name: coalesce(n.name, n.title, left(n.abstract, 80) + '…')}] AS nodes,
  [r IN relationships(chain) | type(r)] AS types,
  [i IN range(0, length(chain) - 1) | startNode(relationships(chain)[i]).id = nodes(chain)[i].id] AS forward,
  [r IN relationships(chain) | r.evidence] AS evidence
