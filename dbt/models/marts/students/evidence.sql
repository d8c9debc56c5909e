select
    student_id,
    evidence_id,
    repo_id,
    kind,
    commit_sha,
    path,
    start_line,
    end_line,
    quote,
    measure_sql,
    measure_params,
    measured_value
from {{ source('ai', 'evidence') }}
