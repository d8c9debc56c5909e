select
    repositories.repo_id,
    repositories.source,
    repositories.name,
    repositories.default_branch,
    repositories.head_sha,
    (
        select count(*)
        from {{ source('raw', 'commits') }} as commits
        where commits.repo_id = repositories.repo_id
    ) as commit_count,
    manifests.commit_sha as index_commit_sha,
    manifests.chunk_count
from {{ source('raw', 'repositories') }} as repositories
left join {{ source('ops', 'index_manifests') }} as manifests
    on repositories.repo_id = manifests.repo_id
