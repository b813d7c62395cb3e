-- A row of a table of work that repeats the text adds only days, and bodies, that the text does not name.
WITH work AS MATERIALIZED (
  SELECT task_id, measure_id, document_id, issue_id, due_on, due_precision, deadline, recurrence, action, lead, responsible,
    support, implement, target, modality, boilerplate, confidence_due, review, repeats_measure_id, repeats_task_id
  FROM tasks
), named AS (
  SELECT repeats_task_id AS task_id,
    list_sort(list_distinct(flatten(list(list_concat(lead, responsible))))) AS owners,
    list_sort(list_distinct(flatten(list(support)))) AS support,
    list_sort(list_distinct(flatten(list(implement)))) AS implement
  FROM work WHERE repeats_task_id IS NOT NULL GROUP BY repeats_task_id
)
SELECT t.due_on, t.due_precision, t.deadline, t.recurrence, t.action,
  CASE WHEN len(t.lead) + len(t.responsible) > 0
    THEN list_concat(t.lead, [x FOR x IN t.responsible IF NOT list_contains(t.lead, x)])
    ELSE coalesce(n.owners, []) END AS owners,
  CASE WHEN len(t.support) > 0 THEN t.support ELSE coalesce(n.support, []) END AS support,
  CASE WHEN len(t.implement) > 0 THEN t.implement ELSE coalesce(n.implement, []) END AS implement,
  t.target, t.modality, t.boilerplate, t.confidence_due, t.review,
  i.region_code, i.region_name, d.doc_number, d.title, t.task_id, t.measure_id, t.issue_id
FROM work AS t
JOIN documents AS d ON d.document_id = t.document_id
JOIN issues AS i ON i.issue_id = t.issue_id
LEFT JOIN named AS n ON n.task_id = t.task_id
WHERE (t.due_on IS NOT NULL OR t.recurrence IS NOT NULL) AND NOT EXISTS (
  SELECT 1 FROM work AS said
  WHERE said.measure_id = t.repeats_measure_id AND said.due_on IS NOT DISTINCT FROM t.due_on
    AND said.recurrence IS NOT DISTINCT FROM t.recurrence)
ORDER BY t.due_on NULLS LAST, t.task_id
