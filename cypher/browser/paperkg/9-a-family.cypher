// 9 A family: what descends from an entity, and what it descends from
MATCH (e:Entity)
WHERE toLower(e.name) = toLower('question answering')
MATCH path = (e)-[:SUBCLASS_OF|BASED_ON*1..2]-(:Entity)
RETURN path
LIMIT 60;
