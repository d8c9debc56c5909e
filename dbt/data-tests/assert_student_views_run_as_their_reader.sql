-- Without security_invoker a view reads with its owner's rights and shows every student's rows.
-- What an analyst may read holds no student's rows.
-- depends_on: {{ ref('repositories') }} {{ ref('commits') }} {{ ref('findings') }}
-- depends_on: {{ ref('resumes') }} {{ ref('listings') }} {{ ref('listing_sources') }}
-- depends_on: {{ ref('bullets') }} {{ ref('evidence') }} {{ ref('matches') }}
-- depends_on: {{ ref('companies') }} {{ ref('contributions') }} {{ ref('activity_by_week') }}
-- depends_on: {{ ref('file_hotspots') }}
select pg_class.relname
from pg_class
where
    pg_class.relnamespace = 'marts'::regnamespace
    and pg_class.relkind = 'v'
    and not has_table_privilege('internflow_analyst', pg_class.oid, 'select')
    and not coalesce('security_invoker=true' = any(pg_class.reloptions), false)
