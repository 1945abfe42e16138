// summary: Datasets that papers use together with a given one.
// param dataset: string = "ImageNet" | name, alias or id of a dataset
// column name: the other dataset
// column papers: how many papers use both
// column titles: those papers
// order: most papers first, then name
MATCH (d:Dataset)<-[:USES|INTRODUCES]-(p:Paper)-[:USES|INTRODUCES]->(other:Dataset)
WHERE (d.id = $dataset OR toLower(d.name) = toLower($dataset) OR any(alias IN d.aliases WHERE toLower(alias) = toLower($dataset))) AND other.id <> d.id
WITH other, p ORDER BY p.id
WITH other, collect(DISTINCT coalesce(p.title, left(p.abstract, 80) + '…')) AS titles
RETURN other.name AS name, size(titles) AS papers, titles
ORDER BY papers DESC, name
