select
    changes.repo_id,
    changes.path,
    changes.language,
    count(*) as commit_count,
    count(distinct commits.author_email) as author_count,
    sum(changes.additions + changes.deletions) as churn,
    bool_or(files.path is not null) as is_at_head,
    max(commits.authored_at) as last_changed_at
from {{ ref('stg_raw__file_changes') }} as changes
inner join {{ ref('stg_raw__commits') }} as commits
    on changes.repo_id = commits.repo_id and changes.commit_sha = commits.commit_sha
left join {{ source('raw', 'head_files') }} as files
    on changes.repo_id = files.repo_id and changes.path = files.path
where not commits.is_merge and not changes.is_generated and not changes.is_vendored
group by changes.repo_id, changes.path, changes.language
