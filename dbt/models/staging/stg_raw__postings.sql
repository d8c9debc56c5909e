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
        requisition_id,
        url,
        title,
        company,
        department,
        places,
        work_model,
        employment_type,
        description_html,
        description_text,
        date_kind,
        pay_text,
        content_hash,
        is_hidden,
        apply_by,
        posted_at,
        first_seen_at,
        withdrawn_at
    from source

)

select * from renamed
