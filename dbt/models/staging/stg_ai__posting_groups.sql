with

source as (

    select * from {{ source('ai', 'posting_groups') }}

),

renamed as (

    select
        posting_id,
        listing_id,
        reason
    from source

)

select * from renamed
