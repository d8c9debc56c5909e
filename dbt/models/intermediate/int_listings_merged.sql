-- One listing out of the postings that are one: it shows the best of them, and is open while any of
-- them is. Built anew only for listings that a changed posting belongs to, or has left: those go
-- first, so that one without a member is gone.
{{ config(
    materialized='incremental',
    unique_key='posting_id',
    on_schema_change='append_new_columns',
    indexes=[
        {'columns': ['posting_id'], 'unique': true},
        {'columns': ['first_seen_at']},
        {'columns': ['skills'], 'type': 'gin'},
        {'columns': ['countries'], 'type': 'gin'},
        {'columns': ['kind', 'is_open']},
        {'columns': ['changed_at']},
    ],
    pre_hook="{% if is_incremental() %}
        create temporary table touched_now on commit drop as
        with changes as (
            select versions.listing_id, versions.left_listing_id
            from {{ ref('int_postings_versioned') }} as versions
            where versions.changed_at > (select max(newest.changed_at) from {{ this }} as newest)
        )
        select listing_id from changes
        union
        select left_listing_id from changes where left_listing_id is not null;
        analyze touched_now;
        delete from {{ this }} as stored
        using touched_now where stored.posting_id = touched_now.listing_id
    {% endif %}",
    post_hook="{% if not is_incremental() %}analyze {{ this }}{% endif %}"
) }}

with

members as (

    select versions.*
    from {{ ref('int_postings_versioned') }} as versions
    {% if is_incremental() %}
        inner join touched_now
            on versions.listing_id = touched_now.listing_id
    {% endif %}
    where not versions.is_hidden

),

ranked as (

    select
        members.posting_id,
        members.listing_id,
        row_number() over (
            partition by members.listing_id
            order by members.is_open desc, members.first_seen_at asc, members.posting_id asc
        ) as place,
        count(*) over (partition by members.listing_id) as source_count,
        bool_or(members.is_open) over (partition by members.listing_id) as is_open,
        min(members.posted_at) over (partition by members.listing_id) as posted_at,
        min(members.first_seen_at) over (partition by members.listing_id) as first_seen_at,
        max(members.closed_at) over (partition by members.listing_id) as closed_at,
        max(members.changed_at) over (partition by members.listing_id) as changed_at
    from members

),

shown as (

    select * from ranked
    where place = 1

),

reposts as (

    select
        members.posting_id,
        count(distinct earlier.listing_id) as repost_count
    from members
    inner join {{ ref('int_postings_versioned') }} as earlier
        on
            members.company_key = earlier.company_key
            and members.title_key = earlier.title_key
            and members.countries = earlier.countries
            and members.listing_id <> earlier.listing_id
            and members.first_seen_at >= earlier.closed_at
            and members.first_seen_at < earlier.closed_at + interval '180 days'
    where members.posting_id in (select shown.posting_id from shown)
    group by members.posting_id

),

final as (

    select
        shown.listing_id as posting_id,
        postings.platform,
        postings.board,
        postings.requisition_id,
        postings.company,
        postings.department,
        postings.title,
        postings.url,
        postings.places,
        facts.resolved_places,
        facts.countries,
        facts.cities,
        facts.work_model,
        postings.employment_type,
        coalesce(facts.kind, 'other') as kind,
        coalesce(facts.kind_words, '{}') as kind_words,
        coalesce(facts.role_family, 'other') as role_family,
        coalesce(facts.skills, '{}') as skills,
        postings.description_html,
        postings.description_text,
        postings.pay_text,
        facts.pay_quote,
        facts.pay_min,
        facts.pay_max,
        facts.pay_currency,
        facts.pay_period,
        facts.pay_inr_month_min,
        facts.pay_inr_month_max,
        facts.pay_usd_month_min,
        facts.pay_usd_month_max,
        coalesce(facts.graduation_years, '{}') as graduation_years,
        coalesce(facts.degrees, '{}') as degrees,
        coalesce(facts.terms, '{}') as terms,
        facts.sponsorship,
        facts.citizenship,
        facts.eligibility_quotes,
        coalesce(facts.trust_level, 'no_concern') as trust_level,
        facts.trust_flags,
        postings.content_hash,
        postings.date_kind,
        shown.source_count::int as source_count,
        coalesce(reposts.repost_count, 0)::int as repost_count,
        coalesce(facts.is_unpaid, false) as is_unpaid,
        shown.is_open,
        coalesce(facts.apply_by, postings.apply_by) as apply_by,
        shown.posted_at,
        shown.first_seen_at,
        case when not shown.is_open then shown.closed_at end as closed_at,
        shown.changed_at
    from shown
    inner join {{ ref('stg_raw__postings') }} as postings
        on shown.posting_id = postings.posting_id
    left join {{ ref('stg_ai__posting_facts') }} as facts
        on shown.posting_id = facts.posting_id
    left join reposts
        on shown.posting_id = reposts.posting_id

)

select * from final
