// 8 Methods and models for a task
MATCH (t:Task)
WHERE toLower(t.name) CONTAINS 'reasoning'
MATCH path = (:Entity)-[:USED_FOR]->(t)
RETURN path
LIMIT 60;
