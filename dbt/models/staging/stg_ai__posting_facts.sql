with

source as (

    select * from {{ source('ai', 'posting_facts') }}

),

renamed as (

    select
        posting_id,
        kind,
        kind_words,
        skills
    from source

)

select * from renamed
