// 1 What is in here: how many nodes of each label
MATCH (n)
UNWIND labels(n) AS label
RETURN label, count(*) AS n
ORDER BY n DESC
LIMIT 25;
