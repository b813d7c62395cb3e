-- A pair that a measure names is not counted again for rows of tables of work that repeat it.
WITH leads AS (
  SELECT task_id, measure_id, repeats_measure_id, issue_id, support, unnest(list_distinct(lead)) AS lead_name FROM tasks
), pairs AS MATERIALIZED (
  SELECT task_id, measure_id, repeats_measure_id, issue_id, lead_name, unnest(list_distinct(support)) AS support_name
  FROM leads
), counted AS (
  SELECT * FROM pairs AS p WHERE lead_name <> support_name AND NOT EXISTS (
    SELECT 1 FROM pairs AS said WHERE said.measure_id = p.repeats_measure_id
      AND said.lead_name = p.lead_name AND said.support_name = p.support_name)
)
SELECT lead_name AS lead, support_name AS support, CAST(count(*) AS INTEGER) AS tasks,
  CAST(count(DISTINCT coalesce(repeats_measure_id, measure_id)) AS INTEGER) AS measures,
  CAST(count(DISTINCT issue_id) AS INTEGER) AS issues
FROM counted GROUP BY lead_name, support_name
ORDER BY tasks DESC, lead_name, support_name
