select
    commits.student_id,
    commits.repo_id,
    commits.commit_sha,
    changes.path,
    changes.language,
    changes.additions,
    changes.deletions,
    commits.is_co_authored,
    commits.authored_at
from {{ ref('int_commits_attributed') }} as commits
inner join {{ ref('stg_raw__file_changes') }} as changes
    on commits.repo_id = changes.repo_id and commits.commit_sha = changes.commit_sha
where not changes.is_generated and not changes.is_vendored
