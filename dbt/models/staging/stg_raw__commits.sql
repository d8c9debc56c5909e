with

source as (

    select * from {{ source('raw', 'commits') }}

),

renamed as (

    select
        repo_id,
        commit_sha,
        author_name,
        author_email,
        raw_author_email,
        committer_name,
        committer_email,
        co_author_names,
        co_author_emails,
        signature_state,
        subject,
        body,
        cardinality(parent_shas) > 1 as is_merge,
        authored_at,
        committed_at
    from source

)

select * from renamed
