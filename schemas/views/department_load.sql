-- A row of a table of work that repeats a measure counts only for bodies that the measure does not name.
WITH work AS MATERIALIZED (
  SELECT task_id, measure_id, issue_id, due_on, review, lead, responsible, support, implement, repeats_measure_id,
    repeats_task_id, len([n FOR n IN targets IF n.kind = 'goal']) AS goals
  FROM tasks
), roles AS MATERIALIZED (
  SELECT *, 'lead' AS role, unnest(list_distinct(lead)) AS name FROM work
  UNION ALL SELECT *, 'responsible', unnest(list_distinct(responsible)) FROM work
  UNION ALL SELECT *, 'support', unnest(list_distinct(support)) FROM work
  UNION ALL SELECT *, 'implement', unnest(list_distinct(implement)) FROM work
), counted AS (
  SELECT r.name, r.role, r.issue_id, r.review, r.goals, coalesce(r.due_on, of_text.due_on) AS due_on
  FROM roles AS r
  LEFT JOIN work AS of_text ON of_text.task_id = r.repeats_task_id
  WHERE NOT EXISTS (SELECT 1 FROM roles AS said WHERE said.measure_id = r.repeats_measure_id AND said.name = r.name)
), bodies AS (
  SELECT issue_id, name, min(org_id) AS org_id, min(level) AS level, min(kind) AS kind
  FROM organisations_by_issue GROUP BY issue_id, name
)
SELECT c.name, min(b.org_id) AS org_id, min(b.level) AS level, min(b.kind) AS kind, c.role,
  year(c.due_on) || '-Q' || quarter(c.due_on) AS quarter,
  CAST(count(*) AS INTEGER) AS tasks, CAST(sum(c.goals) AS INTEGER) AS targets,
  CAST(count(*) FILTER (WHERE c.review) AS INTEGER) AS to_review
FROM counted AS c
LEFT JOIN bodies AS b ON b.issue_id = c.issue_id AND b.name = c.name
GROUP BY c.name, c.role, year(c.due_on) || '-Q' || quarter(c.due_on)
ORDER BY c.name, c.role, quarter NULLS LAST
