select
    student_id,
    document,
    document_hash
from {{ source('ai', 'resumes') }}
