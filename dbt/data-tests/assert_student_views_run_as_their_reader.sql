-- Without security_invoker a view reads with its owner's rights and shows every student's rows.
-- depends_on: {{ ref('repositories') }} {{ ref('commits') }} {{ ref('findings') }}
-- depends_on: {{ ref('resumes') }}
-- depends_on: {{ ref('bullets') }} {{ ref('evidence') }} {{ ref('matches') }}
select pg_class.relname
from pg_class
where
    pg_class.relnamespace = 'marts'::regnamespace
    and pg_class.relkind = 'v'
    and not coalesce('security_invoker=true' = any(pg_class.reloptions), false)
