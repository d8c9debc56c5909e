with

source as (

    select * from {{ source('raw', 'file_changes') }}

),

renamed as (

    select
        repo_id,
        commit_sha,
        path,
        old_path,
        coalesce(language, 'other') as language,
        change_kind,
        additions,
        deletions,
        is_binary,
        is_generated,
        is_vendored
    from source

)

select * from renamed
