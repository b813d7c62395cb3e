WITH checked AS (
  SELECT issue_id, count(*) AS checks,
    count(*) FILTER (WHERE NOT success AND severity = 'error') AS errors,
    count(*) FILTER (WHERE NOT success AND severity = 'warning') AS warnings
  FROM checks GROUP BY issue_id
), worked AS (
  SELECT issue_id, count(*) AS tasks, count(*) FILTER (WHERE review) AS to_review, avg(confidence) AS confidence
  FROM tasks GROUP BY issue_id
), remaining AS (
  SELECT issue_id, count(*) AS residuals, count(*) FILTER (WHERE kind = 'row') AS refused_rows
  FROM residuals GROUP BY issue_id
), cells AS (
  SELECT issue_id, count(*) FILTER (WHERE suspect) AS suspect_cells FROM table_cells GROUP BY issue_id
)
SELECT i.issue_id, i.gazette, i.region_name, i.published_on, i.source_file, i.parser_version,
  CAST(coalesce(w.tasks, 0) AS INTEGER) AS tasks, CAST(coalesce(w.to_review, 0) AS INTEGER) AS to_review,
  round(w.to_review / w.tasks, 4) AS review_share, round(w.confidence, 4) AS confidence,
  CAST(coalesce(c.checks, 0) AS INTEGER) AS checks, CAST(coalesce(c.errors, 0) AS INTEGER) AS errors,
  CAST(coalesce(c.warnings, 0) AS INTEGER) AS warnings, CAST(coalesce(r.residuals, 0) AS INTEGER) AS residuals,
  CAST(coalesce(r.refused_rows, 0) AS INTEGER) AS refused_rows,
  CAST(coalesce(x.suspect_cells, 0) AS INTEGER) AS suspect_cells
FROM issues AS i
LEFT JOIN checked AS c ON c.issue_id = i.issue_id
LEFT JOIN worked AS w ON w.issue_id = i.issue_id
LEFT JOIN remaining AS r ON r.issue_id = i.issue_id
LEFT JOIN cells AS x ON x.issue_id = i.issue_id
ORDER BY i.issue_id
