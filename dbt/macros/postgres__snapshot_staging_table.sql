{# dbt reads every current row of a snapshot to compare it with what its source has. Our source has
   only what changed, so only those rows are read, by an array that Postgres takes to the index.
   The rest is dbt's own. #}
{% macro postgres__snapshot_staging_table(strategy, source_sql, target_relation) -%}
    {% set awaited_only %}
        (
            select kept.* from {{ target_relation }} as kept
            where kept.{{ strategy.unique_key }} = any(
                array(select awaited.{{ strategy.unique_key }} from ({{ source_sql }}) as awaited)
            )
        ) as awaited_only
    {% endset %}
    {{ return(dbt.default__snapshot_staging_table(strategy, source_sql, awaited_only)) }}
{%- endmacro %}
