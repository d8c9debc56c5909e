with

listings as (

    select * from {{ ref('int_listings_merged') }}

),

versions as (

    select * from {{ ref('int_postings_versioned') }}

),

days_open as (

    select
        versions.company_key,
        listings.company,
        listings.is_open,
        listings.repost_count,
        extract(epoch from listings.closed_at - listings.first_seen_at) / 86400 as open_days
    from listings
    inner join versions
        on listings.posting_id = versions.posting_id

),

final as (

    select
        company_key,
        min(company) as company,
        count(*) as listing_count,
        count(*) filter (where is_open) as open_count,
        percentile_cont(0.5) within group (
            order by open_days::double precision
        ) filter (where not is_open) as median_days_open,
        avg((repost_count > 0)::int)::double precision as repost_rate,
        avg((open_days <= 7)::int) filter (
            where not is_open
        )::double precision as closed_within_7_days_share
    from days_open
    group by company_key

)

select * from final
