// 10 From one thing to another: the shortest chains of facts
MATCH (a:Entity)
WHERE toLower(a.name) = toLower('MMLU')
MATCH (b:Entity)
WHERE toLower(b.name) = toLower('transformer')
MATCH path = allShortestPaths((a)-[:INTRODUCES|USES|COMPARES_WITH|USED_FOR|EVALUATED_ON|TRAINED_ON|COMPARED_WITH|PART_OF|BASED_ON|SUBCLASS_OF|BENCHMARK_FOR*..6]-(b))
WHERE all(r IN relationships(path) WHERE r.confidence >= 0.4) AND none(n IN nodes(path) WHERE n:Metric)
RETURN path
LIMIT 10;
