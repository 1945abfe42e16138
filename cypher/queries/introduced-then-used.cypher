// summary: Entities that one paper introduces and others use, compare with or mention.
// column name: the entity
// column type: its type
// column introduced_by: the paper that presents it as new
// column others: how many other papers speak of it
// column titles: those papers
// order: most other papers first, then name
MATCH (p:Paper)-[:INTRODUCES]->(e:Entity)<-[:USES|COMPARES_WITH|MENTIONS]-(q:Paper)
WITH e, p, q ORDER BY q.id
WITH e, p, collect(DISTINCT coalesce(q.title, left(q.abstract, 80) + '…')) AS titles
RETURN e.name AS name, head([l IN labels(e) WHERE l <> 'Entity']) AS type, coalesce(p.title, left(p.abstract, 80) + '…') AS introduced_by,
  size(titles) AS others, titles
ORDER BY others DESC, name, introduced_by
