with

listings as (

    select * from {{ ref('int_listings_merged') }}

),

placed as (

    select
        date_trunc('week', listings.first_seen_at at time zone 'UTC')::date as week_on,
        coalesce(countries.country, '') as country,
        skills.skill
    from listings
    cross join lateral unnest(listings.skills) as skills (skill)
    left join lateral unnest(listings.countries) as countries (country) on true

),

final as (

    select
        week_on,
        country,
        skill,
        count(*) as listing_count
    from placed
    group by
        week_on,
        country,
        skill

)

select * from final
