with

postings as (

    select * from {{ ref('stg_raw__postings') }}

),

facts as (

    select * from {{ ref('stg_ai__posting_facts') }}

),

clocks as (

    select * from {{ ref('int_postings_clocked') }}

),

final as (

    select
        postings.posting_id,
        postings.platform,
        postings.board,
        postings.company,
        postings.title,
        postings.url,
        postings.places,
        postings.work_model,
        postings.employment_type,
        coalesce(facts.kind, 'other') as kind,
        coalesce(facts.kind_words, '{}') as kind_words,
        coalesce(facts.skills, '{}') as skills,
        postings.description_html,
        postings.description_text,
        postings.pay_text,
        postings.content_hash,
        postings.date_kind,
        clocks.closed_at is null as is_open,
        postings.apply_by,
        clocks.posted_at,
        clocks.first_seen_at,
        clocks.last_seen_at,
        clocks.closed_at
    from postings
    inner join clocks
        on postings.posting_id = clocks.posting_id
    left join facts
        on postings.posting_id = facts.posting_id

)

select * from final
