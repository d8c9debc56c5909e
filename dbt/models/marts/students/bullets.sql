select
    student_id,
    bullet_id,
    repo_id,
    position,
    rule,
    content,
    evidence_ids
from {{ source('ai', 'bullets') }}
