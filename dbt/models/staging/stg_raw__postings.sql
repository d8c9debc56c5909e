with

source as (

    select * from {{ source('raw', 'postings') }}

),

renamed as (

    select
        posting_id,
        platform,
        board,
        external_id,
        url,
        title,
        company,
        places,
        work_model,
        employment_type,
        description_html,
        description_text,
        date_kind,
        pay_text,
        content_hash,
        apply_by,
        posted_at,
        first_seen_at
    from source

)

select * from renamed
