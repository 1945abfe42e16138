// 2 The best connected: the surer relations between the entities of many papers
MATCH path = (a:Entity)-[r:USED_FOR|EVALUATED_ON|TRAINED_ON|COMPARED_WITH|PART_OF|BASED_ON|SUBCLASS_OF|BENCHMARK_FOR]->(b:Entity)
WHERE a.papers >= 3 AND b.papers >= 3 AND r.confidence >= 0.2
RETURN path
ORDER BY a.papers + b.papers DESC
LIMIT 30;
