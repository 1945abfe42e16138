// summary: The numbers in which an entity takes part: as what has it, what it was measured on, the metric or the baseline.
// param name: string = "MMLU" | name, alias or id of an entity
// column part: OF, ON, MEASURES or AGAINST
// column result_id: the result's id
// order: part, result id
MATCH (r:Result)-[part:OF|ON|MEASURES|AGAINST]->(e:Entity)
WHERE (e.id = $name OR toLower(e.name) = toLower($name) OR any(alias IN e.aliases WHERE toLower(alias) = toLower($name)))
RETURN type(part) AS part, r.id AS result_id
ORDER BY part, result_id
