-- A posting is seen before it is last seen, and closed after that; its board may call it closed at
-- first sight. What the last build has written.
select versions.posting_id
from {{ ref('int_postings_versioned') }} as versions
inner join {{ ref('stg_ops__posting_sightings') }} as sightings
    on versions.posting_id = sightings.posting_id
where
    versions.changed_at = (
        select max(newest.changed_at) from {{ ref('int_postings_versioned') }} as newest
    )
    and (
        versions.first_seen_at > sightings.last_seen_at
        or versions.closed_at < sightings.last_seen_at
    )
