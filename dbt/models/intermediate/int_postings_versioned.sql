-- Looks only at postings that were noted as changed, writes only those whose state did change, and
-- takes the notes that it has read; `changed_at` is the build that wrote a row. Clocks are read
-- beforehand and by an array: Postgres takes no join into a view that looks up something for a row.
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
        "{% if is_incremental() %}
            create temporary table clocks_now on commit drop as
            select posting_id, closed_at from {{ ref('int_postings_clocked') }}
            where posting_id = any(array(select changed_now.posting_id from changed_now));
            analyze clocks_now
        {% endif %}",
    ],
    post_hook=[
        "delete from {{ source('ops', 'changed_postings') }} as noted
        using changed_now where noted.change_no = changed_now.change_no",
        "{% if not is_incremental() %}analyze {{ this }}{% endif %}",
    ]
) }}

with

clocks as (

    {% if is_incremental() %}
        select * from clocks_now
    {% else %}
        select
            posting_id,
            closed_at
        from {{ ref('int_postings_clocked') }}
    {% endif %}

),

states as (

    select
        postings.posting_id,
        coalesce(posting_groups.listing_id, postings.posting_id) as listing_id,
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
        md5(
            concat_ws(
                ' ',
                postings.content_hash,
                facts.rules_version,
                posting_groups.listing_id,
                clocks.closed_at at time zone 'UTC'
            )
        ) as state_hash,
        postings.is_hidden,
        clocks.closed_at is null as is_open,
        postings.posted_at,
        postings.first_seen_at,
        clocks.closed_at
    from clocks
    inner join {{ ref('stg_raw__postings') }} as postings
        on clocks.posting_id = postings.posting_id
    left join {{ ref('stg_ai__posting_facts') }} as facts
        on clocks.posting_id = facts.posting_id
    left join {{ ref('stg_ai__posting_groups') }} as posting_groups
        on clocks.posting_id = posting_groups.posting_id

),

final as (

    select
        states.posting_id,
        states.listing_id,
        {% if is_incremental() %}
            stored.listing_id as left_listing_id,
        {% else %}
            null::text as left_listing_id,
        {% endif %}
        states.platform,
        states.board,
        states.company,
        states.company_key,
        states.title_key,
        states.title,
        states.url,
        states.kind,
        states.role_family,
        states.countries,
        states.skills,
        states.content_hash,
        states.state_hash,
        states.is_hidden,
        states.is_open,
        states.posted_at,
        states.first_seen_at,
        states.closed_at,
        '{{ run_started_at }}'::timestamptz as changed_at
    from states
    {% if is_incremental() %}
        left join {{ this }} as stored
            on states.posting_id = stored.posting_id
        where states.state_hash is distinct from stored.state_hash
    {% endif %}

)

select * from final
