select
    student_id,
    posting_id,
    score,
    similarity,
    skills_covered,
    skills_missing,
    reasons,
    scorer
from {{ source('ai', 'matches') }}
