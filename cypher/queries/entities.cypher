// summary: Every entity with its aliases: what name lookups search in.
// column id: its id
// column name: its name
// column type: its type
// column aliases: other ways to write it
// column papers: how many papers speak of it
// order: most papers first, then id
MATCH (e:Entity)
RETURN e.id AS id, e.name AS name, head([l IN labels(e) WHERE l <> 'Entity']) AS type, coalesce(e.aliases, []) AS aliases,
  e.papers AS papers
ORDER BY papers DESC, id
