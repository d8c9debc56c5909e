with

versions as (

    select * from {{ ref('int_postings_versioned') }}
    where not is_hidden

),

sightings as (

    select * from {{ ref('stg_ops__posting_sightings') }}

),

final as (

    select
        versions.posting_id,
        versions.listing_id,
        versions.platform,
        versions.board,
        versions.company,
        versions.title,
        versions.url,
        versions.is_open,
        versions.first_seen_at,
        coalesce(sightings.last_seen_at, versions.first_seen_at) as last_seen_at,
        versions.closed_at
    from versions
    left join sightings
        on versions.posting_id = sightings.posting_id

)

select * from final
