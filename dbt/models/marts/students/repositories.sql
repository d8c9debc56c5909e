with

histories as (

    select
        repo_id,
        count(*) as commit_count,
        count(distinct author_email) as author_count,
        min(authored_at) as first_authored_at,
        max(authored_at) as last_authored_at
    from {{ ref('stg_raw__commits') }}
    group by repo_id

)

select
    repositories.repo_id,
    repositories.source,
    repositories.name,
    repositories.default_branch,
    repositories.head_sha,
    coalesce(histories.commit_count, 0) as commit_count,
    coalesce(histories.author_count, 0) as author_count,
    manifests.commit_sha as index_commit_sha,
    manifests.chunk_count,
    results.status as mirror_status,
    results.error as mirror_error,
    histories.first_authored_at,
    histories.last_authored_at,
    results.checked_at
from {{ source('raw', 'repositories') }} as repositories
left join histories
    on repositories.repo_id = histories.repo_id
left join {{ source('ops', 'mirror_results') }} as results
    on repositories.repo_id = results.repo_id
left join {{ source('ops', 'index_manifests') }} as manifests
    on repositories.repo_id = manifests.repo_id
