// Writes nodes and relationships from $rows, a list of maps; changes nothing when run again; returns how many there are.
// A node's row: id, properties. A relationship's row: from, to, properties, and paper where a pair may be joined once a paper.

// node Paper
UNWIND $rows AS row
MERGE (n:Paper {id: row.id})
SET n = row.properties
RETURN count(*) AS n;

// node Result
UNWIND $rows AS row
MERGE (n:Result {id: row.id})
SET n = row.properties
RETURN count(*) AS n;

// node Link
UNWIND $rows AS row
MERGE (n:Link {id: row.id})
SET n = row.properties
RETURN count(*) AS n;

// node Method
UNWIND $rows AS row
MERGE (n:Entity {id: row.id})
SET n:Method, n = row.properties
RETURN count(*) AS n;

// node Model
UNWIND $rows AS row
MERGE (n:Entity {id: row.id})
SET n:Model, n = row.properties
RETURN count(*) AS n;

// node Dataset
UNWIND $rows AS row
MERGE (n:Entity {id: row.id})
SET n:Dataset, n = row.properties
RETURN count(*) AS n;

// node Metric
UNWIND $rows AS row
MERGE (n:Entity {id: row.id})
SET n:Metric, n = row.properties
RETURN count(*) AS n;

// node Task
UNWIND $rows AS row
MERGE (n:Entity {id: row.id})
SET n:Task, n = row.properties
RETURN count(*) AS n;

// relationship INTRODUCES
UNWIND $rows AS row
MATCH (a:Paper {id: row.from})
MATCH (b:Entity {id: row.to})
MERGE (a)-[r:INTRODUCES]->(b)
SET r = row.properties
RETURN count(*) AS n;

// relationship USES
UNWIND $rows AS row
MATCH (a:Paper {id: row.from})
MATCH (b:Entity {id: row.to})
MERGE (a)-[r:USES]->(b)
SET r = row.properties
RETURN count(*) AS n;

// relationship COMPARES_WITH
UNWIND $rows AS row
MATCH (a:Paper {id: row.from})
MATCH (b:Entity {id: row.to})
MERGE (a)-[r:COMPARES_WITH]->(b)
SET r = row.properties
RETURN count(*) AS n;

// relationship MENTIONS
UNWIND $rows AS row
MATCH (a:Paper {id: row.from})
MATCH (b:Entity {id: row.to})
MERGE (a)-[r:MENTIONS]->(b)
SET r = row.properties
RETURN count(*) AS n;

// relationship USED_FOR
UNWIND $rows AS row
MATCH (a:Entity {id: row.from})
MATCH (b:Entity {id: row.to})
MERGE (a)-[r:USED_FOR {paper: row.paper}]->(b)
SET r = row.properties
RETURN count(*) AS n;

// relationship EVALUATED_ON
UNWIND $rows AS row
MATCH (a:Entity {id: row.from})
MATCH (b:Entity {id: row.to})
MERGE (a)-[r:EVALUATED_ON {paper: row.paper}]->(b)
SET r = row.properties
RETURN count(*) AS n;

// relationship TRAINED_ON
UNWIND $rows AS row
MATCH (a:Entity {id: row.from})
MATCH (b:Entity {id: row.to})
MERGE (a)-[r:TRAINED_ON {paper: row.paper}]->(b)
SET r = row.properties
RETURN count(*) AS n;

// relationship COMPARED_WITH
UNWIND $rows AS row
MATCH (a:Entity {id: row.from})
MATCH (b:Entity {id: row.to})
MERGE (a)-[r:COMPARED_WITH {paper: row.paper}]->(b)
SET r = row.properties
RETURN count(*) AS n;

// relationship PART_OF
UNWIND $rows AS row
MATCH (a:Entity {id: row.from})
MATCH (b:Entity {id: row.to})
MERGE (a)-[r:PART_OF {paper: row.paper}]->(b)
SET r = row.properties
RETURN count(*) AS n;

// relationship BASED_ON
UNWIND $rows AS row
MATCH (a:Entity {id: row.from})
MATCH (b:Entity {id: row.to})
MERGE (a)-[r:BASED_ON {paper: row.paper}]->(b)
SET r = row.properties
RETURN count(*) AS n;

// relationship SUBCLASS_OF
UNWIND $rows AS row
MATCH (a:Entity {id: row.from})
MATCH (b:Entity {id: row.to})
MERGE (a)-[r:SUBCLASS_OF {paper: row.paper}]->(b)
SET r = row.properties
RETURN count(*) AS n;

// relationship BENCHMARK_FOR
UNWIND $rows AS row
MATCH (a:Entity {id: row.from})
MATCH (b:Entity {id: row.to})
MERGE (a)-[r:BENCHMARK_FOR {paper: row.paper}]->(b)
SET r = row.properties
RETURN count(*) AS n;

// relationship REPORTS
UNWIND $rows AS row
MATCH (a:Paper {id: row.from})
MATCH (b:Result {id: row.to})
MERGE (a)-[r:REPORTS]->(b)
SET r = row.properties
RETURN count(*) AS n;

// relationship OF
UNWIND $rows AS row
MATCH (a:Result {id: row.from})
MATCH (b:Entity {id: row.to})
MERGE (a)-[r:OF]->(b)
SET r = row.properties
RETURN count(*) AS n;

// relationship ON
UNWIND $rows AS row
MATCH (a:Result {id: row.from})
MATCH (b:Entity {id: row.to})
MERGE (a)-[r:ON]->(b)
SET r = row.properties
RETURN count(*) AS n;

// relationship MEASURES
UNWIND $rows AS row
MATCH (a:Result {id: row.from})
MATCH (b:Entity {id: row.to})
MERGE (a)-[r:MEASURES]->(b)
SET r = row.properties
RETURN count(*) AS n;

// relationship AGAINST
UNWIND $rows AS row
MATCH (a:Result {id: row.from})
MATCH (b:Entity {id: row.to})
MERGE (a)-[r:AGAINST]->(b)
SET r = row.properties
RETURN count(*) AS n;

// relationship LINKS_TO
UNWIND $rows AS row
MATCH (a:Paper {id: row.from})
MATCH (b:Link {id: row.to})
MERGE (a)-[r:LINKS_TO]->(b)
SET r = row.properties
RETURN count(*) AS n;
