-- Goals of the text and cells of annexes in one shape: numbers of cells have the 万/亿 of their unit multiplied in, as those of the text.
WITH cells AS (
  SELECT *,
    CASE WHEN unit LIKE '万_%' THEN 10000 WHEN unit LIKE '亿_%' THEN 100000000 ELSE 1 END AS multiplier
  FROM table_cells WHERE value IS NOT NULL AND indicator IS NOT NULL
)
SELECT t.indicator, 'text' AS source, t.region_code, t.scope AS place, false AS is_total,
  t.starts_on, t.due_on, t.recurrence, CAST(NULL AS VARCHAR) AS period, t.op, t.low, t.high, t.unit,
  t.change, t.baseline, t.baseline_value, false AS suspect,
  coalesce(t.series_id, t.target_id) AS series_id, coalesce(t.series_no, 1) AS series_no,
  t.target_id AS evidence, t.printed, t.issue_id
FROM targets AS t WHERE t.kind = 'goal' AND t.indicator IS NOT NULL
UNION ALL
SELECT c.indicator, 'annex', c.region_code, c.row_label, c.is_total,
  CAST(NULL AS DATE), TRY_CAST(regexp_extract(c.period, '^([12][0-9]{3})年?$', 1) || '-12-31' AS DATE),
  CAST(NULL AS VARCHAR), c.period, '=', TRY_CAST(c.value * c.multiplier AS DECIMAL(24, 6)),
  TRY_CAST(c.value * c.multiplier AS DECIMAL(24, 6)),
  CASE WHEN c.multiplier > 1 THEN substr(c.unit, 2) ELSE c.unit END,
  CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR), CAST(NULL AS DECIMAL(24, 6)), c.suspect,
  first_value(c.table_id || ':' || c."row" || ':' || c.col) OVER same,
  CAST(row_number() OVER same AS INTEGER),
  c.table_id || ':' || c."row" || ':' || c.col, c.printed, c.issue_id
FROM cells AS c
WINDOW same AS (PARTITION BY c.table_id, c."row", c.indicator, c.unit ORDER BY c.col)
ORDER BY indicator, source DESC, issue_id, due_on NULLS FIRST, evidence
