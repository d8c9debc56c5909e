with

source as (

    select * from {{ source('ops', 'posting_sightings') }}

),

renamed as (

    select
        posting_id,
        last_seen_at
    from source

)

select * from renamed
