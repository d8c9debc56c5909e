-- Looks only at postings that were noted as changed, writes only those whose state did change, and
-- takes the notes that it has read; `changed_at` is the build that wrote a row.
{{ config(
    materialized='incremental',
    unique_key='posting_id',
    on_schema_change='append_new_columns',
    indexes=[
        {'columns': ['posting_id'], 'unique': true},
        {'columns': ['listing_id']},
        {'columns': ['company_key', 'title_key']},
        {'columns': ['changed_at']},
    ],
    pre_hook=[
        "create temporary table changed_now on commit drop as
        select change_no, posting_id from {{ source('ops', 'changed_postings') }}",
        "analyze changed_now",
    ],
    post_hook=[
        "delete from {{ source('ops', 'changed_postings') }} as noted
        using changed_now where noted.change_no = changed_now.change_no",
        "{% if not is_incremental() %}analyze {{ this }}{% endif %}",
    ]
) }}

with

postings as (

    select * from {{ ref('stg_raw__postings') }}

),

facts as (

    select * from {{ ref('stg_ai__posting_facts') }}

),

posting_groups as (

    select * from {{ ref('stg_ai__posting_groups') }}

),

clocks as (

    select * from {{ ref('int_postings_clocked') }}

),

states as (

    select
        postings.posting_id,
        coalesce(posting_groups.listing_id, postings.posting_id) as listing_id,
        md5(
            concat_ws(
                ' ',
                postings.content_hash,
                facts.rules_version,
                posting_groups.listing_id,
                clocks.closed_at at time zone 'UTC'
            )
        ) as state_hash,
        clocks.closed_at
    from postings
    inner join clocks
        on postings.posting_id = clocks.posting_id
    left join facts
        on postings.posting_id = facts.posting_id
    left join posting_groups
        on postings.posting_id = posting_groups.posting_id
    {% if is_incremental() %}
        where postings.posting_id in (select changed_now.posting_id from changed_now)
    {% endif %}

),

changed as (

    select
        states.*,
        {% if is_incremental() %}
            stored.listing_id as left_listing_id
        {% else %}
            null::text as left_listing_id
        {% endif %}
    from states
    {% if is_incremental() %}
        left join {{ this }} as stored
            on states.posting_id = stored.posting_id
        where states.state_hash is distinct from stored.state_hash
    {% endif %}

),

final as (

    select
        changed.posting_id,
        changed.listing_id,
        changed.left_listing_id,
        postings.platform,
        postings.board,
        postings.company,
        coalesce(facts.company_key, lower(postings.company)) as company_key,
        coalesce(facts.title_key, lower(postings.title)) as title_key,
        postings.title,
        postings.url,
        coalesce(facts.kind, 'other') as kind,
        facts.role_family,
        coalesce(facts.countries, '{}') as countries,
        coalesce(facts.skills, '{}') as skills,
        postings.content_hash,
        changed.state_hash,
        postings.is_hidden,
        changed.closed_at is null as is_open,
        postings.posted_at,
        postings.first_seen_at,
        changed.closed_at,
        '{{ run_started_at }}'::timestamptz as changed_at
    from changed
    inner join postings
        on changed.posting_id = postings.posting_id
    left join facts
        on changed.posting_id = facts.posting_id

)

select * from final
