-- The words of the earliest issue stand for the body; short forms of all are joined.
SELECT org_id, arg_min(name, issue_id) AS name,
  list_sort(list_distinct(flatten(list(short_names)))) AS short_names,
  arg_min(region_code, issue_id) AS region_code, arg_min(level, issue_id) AS level,
  arg_min(kind, issue_id) AS kind, arg_min(parent_org_id, issue_id) AS parent_org_id,
  count(*) AS issues
FROM organisations_by_issue GROUP BY org_id
