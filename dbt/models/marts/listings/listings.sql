-- A view: that a posting was seen again changes no row of what is stored. A ghost is open for long,
-- counted back from the newest crawl, or keeps coming back. When a listing was last seen is looked
-- up only for rows that are shown, and in the table itself: behind a view, Postgres would not use
-- its index.
with

listings as (

    select * from {{ ref('int_listings_merged') }}

),

final as (

    select
        listings.posting_id,
        listings.platform,
        listings.board,
        listings.requisition_id,
        listings.company,
        listings.department,
        listings.title,
        listings.url,
        listings.places,
        listings.resolved_places,
        listings.countries,
        listings.cities,
        listings.work_model,
        listings.employment_type,
        listings.kind,
        listings.kind_words,
        listings.role_family,
        listings.skills,
        listings.description_html,
        listings.description_text,
        listings.pay_text,
        listings.pay_quote,
        listings.pay_min,
        listings.pay_max,
        listings.pay_currency,
        listings.pay_period,
        listings.pay_inr_month_min,
        listings.pay_inr_month_max,
        listings.pay_usd_month_min,
        listings.pay_usd_month_max,
        listings.graduation_years,
        listings.degrees,
        listings.terms,
        listings.sponsorship,
        listings.citizenship,
        listings.eligibility_quotes,
        listings.trust_level,
        listings.trust_flags,
        listings.content_hash,
        listings.date_kind,
        listings.source_count,
        listings.repost_count,
        listings.is_unpaid,
        listings.is_open,
        listings.is_open and (
            listings.repost_count >= 3
            or coalesce(listings.posted_at, listings.first_seen_at)
            < (
                select max(crawl_results.started_at) - interval '120 days'
                from {{ source('ops', 'crawl_results') }} as crawl_results
            )
        ) as is_ghost,
        listings.apply_by,
        listings.posted_at,
        listings.first_seen_at,
        coalesce(
            (
                select max(sightings.last_seen_at)
                from {{ ref('int_postings_versioned') }} as versions
                inner join {{ source('ops', 'posting_sightings') }} as sightings
                    on versions.posting_id = sightings.posting_id
                where versions.listing_id = listings.posting_id and not versions.is_hidden
            ),
            listings.first_seen_at
        ) as last_seen_at,
        listings.closed_at
    from listings

)

select * from final
