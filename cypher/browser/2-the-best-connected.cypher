// The best connected: entities of many papers and the relations between them
MATCH path = (a:Entity)-[:USED_FOR|EVALUATED_ON|TRAINED_ON|COMPARED_WITH|PART_OF|BASED_ON|SUBCLASS_OF|BENCHMARK_FOR]->(b:Entity)
WHERE a.papers >= 3 AND b.papers >= 3
RETURN path
LIMIT 80;
