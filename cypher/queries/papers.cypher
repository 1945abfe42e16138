// summary: Every paper.
// column id: its id
// column title: its title, or how its abstract begins
// column abstract: its abstract
// column year: its year
// column year_inferred: whether the listing leaves the year out
// column published: its date
// column url: its address
// column sources: the files and lines it was read from
// order: id
MATCH (p:Paper)
RETURN p.id AS id, coalesce(p.title, left(p.abstract, 80) + '…') AS title, p.abstract AS abstract, p.year AS year, coalesce(p.year_inferred, false) AS year_inferred,
  p.published AS published, p.url AS url, p.sources AS sources
ORDER BY id
