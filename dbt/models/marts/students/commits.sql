select
    commits.repo_id,
    commits.commit_sha,
    commits.author_name,
    commits.committer_name,
    commits.co_author_names,
    commits.signature_state,
    commits.subject,
    commits.body,
    coverage.status as review_status,
    coverage.reason as review_reason,
    coalesce(coverage.finding_count, 0) as finding_count,
    commits.is_merge,
    commits.authored_at,
    commits.committed_at
from {{ ref('stg_raw__commits') }} as commits
left join {{ source('ops', 'review_coverage') }} as coverage
    on commits.repo_id = coverage.repo_id and commits.commit_sha = coverage.commit_sha
