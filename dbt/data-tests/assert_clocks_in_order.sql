-- A listing is seen before it is last seen, and closed only after that.
select posting_id
from {{ ref('listings') }}
where first_seen_at > last_seen_at or closed_at <= last_seen_at
