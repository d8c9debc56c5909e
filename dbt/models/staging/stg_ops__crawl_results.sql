with

source as (

    select * from {{ source('ops', 'crawl_results') }}

),

renamed as (

    select
        run_id,
        platform,
        board,
        company,
        status,
        feed_kind,
        reported_count,
        fetched_count,
        dropped_count,
        http_status,
        error,
        note,
        closes_listings,
        is_unchanged,
        started_at,
        finished_at
    from source

)

select * from renamed
