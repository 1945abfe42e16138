// From one thing to another: the shortest chains of facts
MATCH (a:Dataset {id: 'dataset:mmlu'}), (b:Dataset {id: 'dataset:c4'})
MATCH path = allShortestPaths((a)-[:INTRODUCES|USES|COMPARES_WITH|USED_FOR|EVALUATED_ON|TRAINED_ON|COMPARED_WITH|PART_OF|BASED_ON|SUBCLASS_OF|BENCHMARK_FOR*..6]-(b))
RETURN path
LIMIT 10;
