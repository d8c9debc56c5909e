{{ config(materialized='table') }}

with

crawl_results as (

    select * from {{ ref('stg_ops__crawl_results') }}

),

latest as (

    select distinct on (platform, board)
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
        is_unchanged,
        closes_listings,
        started_at,
        finished_at
    from crawl_results
    order by platform asc, board asc, started_at desc, run_id desc

)

select * from latest
