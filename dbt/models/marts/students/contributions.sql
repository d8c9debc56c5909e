select
    student_id,
    repo_id,
    language,
    date_trunc('month', authored_at at time zone 'UTC')::date as month_on,
    count(distinct commit_sha) as commit_count,
    count(distinct commit_sha) filter (where is_co_authored) as co_authored_commit_count,
    sum(additions) as additions,
    sum(deletions) as deletions,
    coalesce(sum(additions) filter (where is_co_authored), 0) as co_authored_additions,
    coalesce(sum(deletions) filter (where is_co_authored), 0) as co_authored_deletions
from {{ ref('int_changes_attributed') }}
group by student_id, repo_id, language, month_on
