-- A posting is closed by its board's own word, or by the first crawl that may close listings and
-- ran after it was last seen; that crawl is looked up for each posting, so that asking for a few
-- postings reads no others.
with

postings as (

    select * from {{ ref('stg_raw__postings') }}

),

sightings as (

    select * from {{ ref('stg_ops__posting_sightings') }}

),

final as (

    select
        postings.posting_id,
        postings.content_hash,
        postings.posted_at,
        postings.first_seen_at,
        coalesce(sightings.last_seen_at, postings.first_seen_at) as last_seen_at,
        coalesce(
            postings.withdrawn_at,
            (
                select min(crawl_results.started_at)
                from {{ ref('stg_ops__crawl_results') }} as crawl_results
                where
                    crawl_results.platform = postings.platform
                    and crawl_results.board = postings.board
                    and crawl_results.closes_listings
                    and crawl_results.started_at
                    > coalesce(sightings.last_seen_at, postings.first_seen_at)
            )
        ) as closed_at
    from postings
    left join sightings
        on postings.posting_id = sightings.posting_id

)

select * from final
