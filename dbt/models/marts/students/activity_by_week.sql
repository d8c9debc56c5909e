select
    student_id,
    repo_id,
    date_trunc('week', authored_at at time zone 'UTC')::date as week_on,
    count(distinct commit_sha) as commit_count,
    count(distinct commit_sha) filter (where is_co_authored) as co_authored_commit_count,
    sum(additions) as additions,
    sum(deletions) as deletions
from {{ ref('int_changes_attributed') }}
group by student_id, repo_id, week_on
