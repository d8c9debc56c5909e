select
    repo_id,
    fingerprint,
    commit_sha,
    path,
    start_line,
    end_line,
    quote,
    rule,
    category,
    severity,
    message,
    rule_url,
    related,
    analyzer,
    state,
    head_line
from {{ source('ai', 'findings') }}
