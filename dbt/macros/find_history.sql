{# The snapshot of postings, once there is one. A ref would close a circle: it reads what waits. #}
{% macro find_history() -%}
    {{ return(adapter.get_relation(target.database, 'snapshots', 'listing_history')) }}
{%- endmacro %}
