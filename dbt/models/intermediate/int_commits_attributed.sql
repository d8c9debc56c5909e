select
    students.student_id,
    commits.repo_id,
    commits.commit_sha,
    not commits.raw_author_email = any(students.emails) as is_co_authored,
    commits.authored_at
from {{ source('app', 'students') }} as students
inner join {{ source('app', 'student_repositories') }} as registered
    on students.student_id = registered.student_id
inner join {{ ref('stg_raw__commits') }} as commits
    on registered.repo_id = commits.repo_id
where
    not commits.is_merge
    and (
        commits.raw_author_email = any(students.emails)
        or commits.co_author_emails && students.emails
    )
