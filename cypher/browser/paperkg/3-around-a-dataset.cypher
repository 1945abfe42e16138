// 3 Around a dataset: who was evaluated on MMLU, who uses it, what was reported
MATCH (d:Dataset)
WHERE toLower(d.name) = toLower('MMLU')
MATCH path = (d)<-[:EVALUATED_ON|USES|INTRODUCES|ON]-(other)
RETURN path
LIMIT 60;
