with

source as (

    select * from {{ source('ai', 'posting_facts') }}

),

renamed as (

    select
        posting_id,
        content_hash,
        rules_version,
        company_key,
        title_key,
        kind,
        kind_words,
        role_family,
        skills,
        work_model,
        places as resolved_places,
        countries,
        cities,
        pay_quote,
        pay_min,
        pay_max,
        pay_currency,
        pay_period,
        pay_inr_month_min,
        pay_inr_month_max,
        pay_usd_month_min,
        pay_usd_month_max,
        graduation_years,
        degrees,
        terms,
        sponsorship,
        citizenship,
        eligibility_quotes,
        trust_level,
        trust_flags,
        is_unpaid,
        apply_by
    from source

)

select * from renamed
