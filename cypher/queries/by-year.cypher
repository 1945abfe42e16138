// summary: How many papers of each year speak of an entity; papers without a date are left out.
// param name: string = "in-context learning" | name, alias or id of an entity
// column year: the year
// column papers: how many papers
// order: year
MATCH (p:Paper)-[:INTRODUCES|USES|COMPARES_WITH|MENTIONS]->(e:Entity)
WHERE (e.id = $name OR toLower(e.name) = toLower($name) OR any(alias IN e.aliases WHERE toLower(alias) = toLower($name))) AND p.year IS NOT NULL
RETURN p.year AS year, count(DISTINCT p) AS papers
ORDER BY year
