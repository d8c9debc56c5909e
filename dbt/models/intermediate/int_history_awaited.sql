-- The history looks at what has changed since it was last written, not at every posting.
{% set history = find_history() %}
with

versions as (

    select * from {{ ref('int_postings_versioned') }}

),

final as (

    select * from versions
    {% if history %}
        where
            changed_at > (
                select coalesce(max(history.changed_at), '-infinity') from {{ history }} as history
            )
    {% endif %}

)

select * from final
