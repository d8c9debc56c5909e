"""Keys by which one job is known on several boards: its address, its title, its employer. Pure.

A key is for comparing, not for showing: a canonical address of Greenhouse or Ashby names no board and opens nothing.
"""

import re
import unicodedata
from collections.abc import Callable
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

LONGEST_URL = 2_000
LONGEST_TITLE = 300

# Parameters that tell where a visitor came from or how a page looks, never which job it is.
_tracking = re.compile(
    r"utm_\w*|gh_src|gclid|fbclid|msclkid|mc_[ce]id|_gl|_ga|trk|trackingid|refid|ref|referrer|referer|referral"
    r"|lever-(?:source|origin|via)\W*|(?:job|ad|traffic)?_?source|src|source_?id|jobsource|jobboard|jobpipeline|iisn?|trid"
    r"|icims|mobile|width|height|bga|needsredirect|jan1offset|jun1offset|hub|nl|fr|lang|locale|hl|previouslocale"
    r"|rcm_site_locale|spread|cmpid|codes?|tags|feedid|pvs|s_eid|fromsearch|from_?page|from|tl|tm_(?:event|company)"
    r"|rx_(?!job\b)\w*|jclickid|publisher|p_[su]id|sortby|sort_by|triggergobutton|tz|tzname|share|shareid|si",
    re.IGNORECASE,
)
_id_parameter = re.compile(
    r"(?:job|req|requisition|position|vacancy|posting|opportunity|opening|advert|folder)[_-]?(?:id|number|code|no)?"
    r"|id|jid|jk|pid|rid|opp|career_job_req_id|currentjobid|tm_job|rx_job",
    re.IGNORECASE,
)
_uuid_text = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_uuid = re.compile(_uuid_text)
_hexadecimal = re.compile(r"(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{8,64}", re.IGNORECASE)
_four_digits = re.compile(r"\d{4}")
_year = re.compile(r"(?<!\d)20\d\d(?!\d)")
_number = re.compile(r"\d{1,20}", re.ASCII)
_locale = re.compile(r"[a-z]{2}(?:-[a-z]{2})?", re.IGNORECASE)
_has_digit = re.compile(r"\d")
_port = re.compile(r":(?:80|443)?$")
_www = re.compile(r"^(?:www\.)+")
_greenhouse_path = re.compile(r"(?:/[^/]+)?/jobs/(\d+)(?:/.*)?", re.ASCII)
_workday_host = re.compile(r"([\w-]+)\.(wd\d+)\.myworkdayjobs(?:-impl)?\.com")
_workday_site = re.compile(r"(wd\d+)\.myworkdaysite\.com")
# Where numbers of the company stand in the address of its careers page, only a known form is a job.
_strict_host = re.compile(
    r"(?:.*\.)?(?:greenhouse\.io|lever\.co|ashbyhq\.com|smartrecruiters\.com|workable\.com|myworkday(?:jobs|site)\.com"
    r"|jobvite\.com|ultipro\.com|pro\.ukg\.net|bamboohr\.com|icims\.com|breezy\.hr|recruitee\.com|taleo\.net|adp\.com"
    r"|paycomonline\.net|personio\.(?:de|com)|teamtailor\.com|brassring\.com|linkedin\.com|indeed\.com|simplify\.jobs)"
)
_no_job_path = re.compile(
    r"/(?:search(?!/job/)|location|categor|department|team|event|blog|news)", re.IGNORECASE
)

# Host, path, canonical address: the parts of a known address that say which job it is.
_FORMS: tuple[tuple[re.Pattern[str], re.Pattern[str], str], ...] = tuple(
    (re.compile(host), re.compile(path, re.IGNORECASE | re.ASCII), canonical)
    for host, path, canonical in (
        (r"jobs\.(?:eu\.)?lever\.co", rf"/([^/]+)/({_uuid_text})(?:/.*)?", "{host}/{0}/{1}"),
        (r"(?:jobs|careers)\.smartrecruiters\.com", r"/([^/]+)/(\d{6,})(?:-.*)?", "{host}/{0}/{1}"),
        (r"apply\.workable\.com", r"(?:/[^/]+)?/j/([0-9a-f]{6,})(?:/.*)?", "{host}/j/{0}"),
        (r"[\w.-]+\.icims\.com", r"/jobs/(\d+)(?:/.*)?", "{host}/jobs/{0}"),
        (r"[\w-]+\.bamboohr\.com", r"/(?:careers|jobs)/(\d+)(?:/.*)?", "{host}/careers/{0}"),
        (r"[\w-]+\.breezy\.hr", r"/p/([0-9a-f]{6,})(?:[/-].*)?", "{host}/p/{0}"),
        (r"[\w-]+\.recruitee\.com", r"/o/([^/]+)(?:/.*)?", "{host}/o/{0}"),
        (r"[\w-]+\.jobs\.personio\.(?:de|com)", r"/job/(\d+)(?:/.*)?", "{host}/job/{0}"),
        (
            r"[\w-]+\.teamtailor\.com",
            r"/(?:[\w-]+/)?jobs/(\d+)(?:[/-].*)?",
            "{host}/jobs/{0}",
        ),
        (r"[\w-]+\.eightfold\.ai", r"/careers/job/(\d+)(?:[/-].*)?", "{host}/careers/job/{0}"),
        (
            r"[\w.-]+\.oraclecloud\.com",
            r"(?:/hcmui/candidateexperience/[\w-]+)?/sites/([^/]+)/(?:job|requisitions/(?:preview|job))/(\d+)(?:/.*)?",
            "{host}/sites/{0}/job/{1}",
        ),
        (
            r"app\.ripplematch\.com",
            r"/v2/public/job/([0-9a-f]+)(?:/.*)?",
            "{host}/v2/public/job/{0}",
        ),
        (r"simplify\.jobs", rf"/p/({_uuid_text})(?:/.*)?", "{host}/p/{0}"),
        (r"amazon\.jobs", r"/(?:[\w-]+/)?jobs/(\d+)(?:/.*)?", "{host}/jobs/{0}"),
        (
            r"google\.com",
            r"/about/careers/applications/jobs/results/(\d+)(?:-.*)?",
            "{host}/about/careers/applications/jobs/results/{0}",
        ),
        (
            r"(?:[a-z]{2}\.)?linkedin\.com",
            r"/jobs/view/(?:[^/]*-)?(\d{6,})(?:/.*)?",
            "linkedin.com/jobs/view/{0}",
        ),
    )
)
# Jobvite tells its jobs apart by the case of their letters.
_jobvite_path = re.compile(r"/(?:careers/)?([^/]+)/job/(\w+)(?:/.*)?", re.ASCII)

# Employers write the marks in brackets or bare: (m/w/d), m/f/x, (all genders), Entwickler:in.
_gender = re.compile(
    r"\b[mwfdxhi](?:\s?[/|,*]\s?[mwfdxhi]){1,4}\b|\ball genders?\b|\bgn\b|\bgender[- ]neutral\b"
    r"|(?<=\w)[:*_]in(?:nen)?\b"
)
_requisition = re.compile(
    r"\b(?:job|req|requisition|ref|reference|posting)\.? ?(?:id|no|number|#)\W{0,3}(?:[a-z]{1,4}[-_]?)?\d[\w-]{0,15}"
    r"|\b(?:jr|req|ref|r)[-_]?\d{3,12}(?:-\d{1,3})?\b|#\s?\d+|(?<!\w)\d{5,}(?!\w)"
)
_short_year = re.compile(r"['\u2019](\d\d)\b")
_possessive = re.compile(r"['\u2019]s?\b|['\u2019](?=\s|$)")
_initials = re.compile(r"(?<=\b\w)\.(?=\w\b)|(?<=\b\w)\.(?=\W|$)")
_brackets = re.compile(r"\([^()]{0,80}\)|\.com\b")
_word = re.compile(r"[^\W_]+")
_SAME_WORDS = {
    "internship": "intern", "internships": "intern", "interns": "intern", "sr": "senior", "jr": "junior",
    "autumn": "fall", "grad": "graduate", "grads": "graduate", "graduates": "graduate", "coops": "coop",
    "apprenticeship": "apprentice", "swe": "software engineer",
}  # fmt: skip
_LEGAL_FORMS = frozenset({
    "inc", "incorporated", "llc", "llp", "lp", "ltd", "limited", "pvt", "private", "plc", "corp", "corporation", "co",
    "company", "gmbh", "ag", "kg", "kgaa", "se", "sa", "sas", "sarl", "srl", "spa", "bv", "nv", "ab", "as", "asa",
    "aps", "oy", "oyj", "pty", "pte", "sdn", "bhd", "kk", "ug", "mbh", "ev", "eg", "ohg", "gbr", "sl", "sro",
    "doo", "zoo",
})  # fmt: skip


def canonicalise_url(url: str) -> str:
    """One spelling of the address of a job, the same for every copy of it.

    Text that is no address stays as it is; beyond LONGEST_URL characters nothing is left.
    """
    text = url.strip()
    if len(text) > LONGEST_URL:
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:  # such as a bracket without its pair
        return text
    host = _www.sub("", _port.sub("", parts.netloc.rpartition("@")[2].lower())).strip(".")
    if parts.scheme.lower() not in ("http", "https") or not host:
        return text
    path = _tidy_path(parts.path)
    query = parse_qsl(parts.query)
    for rule in _RULES:
        if found := rule(host, path, query):
            return found
    kept = sorted({(k, v) for k, v in query if not _tracking.fullmatch(k) and v})
    canonical = f"https://{host}{path}" + (f"?{urlencode(kept)}" if kept else "")
    return canonical if len(canonical) <= LONGEST_URL else ""


def is_job_url(url: str) -> bool:
    """Whether a canonical address names one job; a careers page or a search that many jobs share does not."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    host, path = parts.netloc, parts.path
    if parts.scheme != "https" or not host:
        return False
    if any(rule(host, path, []) for rule in _RULES):
        return True
    if any(_id_parameter.fullmatch(k) and _is_id(v) for k, v in parse_qsl(parts.query)):
        return True
    if _strict_host.fullmatch(host) or _no_job_path.search(path):
        return False
    return any(_is_id(segment) for segment in path.split("/"))


def build_title_key(title: str) -> str:
    """The words of a title in lower case and in order, without gender marks and requisition numbers.

    Level, season, year and team stay: they tell jobs apart. `Intern` and `Internship`, `Sr.` and `Senior` are one.
    """
    text = unicodedata.normalize("NFKC", title[:LONGEST_TITLE]).casefold()
    text = _short_year.sub(r" 20\1 ", text)
    text = _requisition.sub(" ", _gender.sub(" ", text))
    text = text.replace("c++", " cplusplus ").replace("c#", " csharp ").replace(".net", " dotnet ")
    words = _word.findall(_possessive.sub("", text.replace("co-op", "coop")))
    return " ".join(_SAME_WORDS.get(word, word) for word in words)


def build_company_key(company: str) -> str:
    """An employer's name in lower case without legal forms and marks; `Google LLC` is `google`."""
    text = unicodedata.normalize("NFKD", company[:LONGEST_TITLE]).casefold()
    text = "".join(char for char in text if not unicodedata.combining(char))
    text = _initials.sub("", _brackets.sub(" ", text)).replace("&", " and ").replace("+", " plus ")
    words = _word.findall(_possessive.sub("s", text))
    while len(words) > 1 and words[-1] in _LEGAL_FORMS:
        words.pop()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def _greenhouse(host: str, path: str, query: list[tuple[str, str]]) -> str | None:
    """Every posting of Greenhouse has a number that no other board of it uses."""
    of_page = {v.rstrip("/") for k, v in query if k.lower() == "gh_jid"}
    if host.endswith("greenhouse.io"):
        if found := _greenhouse_path.fullmatch(path):
            of_page = {found.group(1)}
        elif path.endswith("/job_app"):
            of_page = {v for k, v in query if k == "token"} or of_page
    number = of_page.pop() if len(of_page) == 1 else ""
    return f"https://boards.greenhouse.io/jobs/{number}" if _number.fullmatch(number) else None


def _ashby(host: str, path: str, query: list[tuple[str, str]]) -> str | None:
    found = {v.lower() for k, v in query if k.lower() == "ashby_jid"}
    if host == "jobs.ashbyhq.com":
        found = {s.lower() for s in path.split("/")[1:3]}
    ids = [text for text in found if _uuid.fullmatch(text)]
    return f"https://jobs.ashbyhq.com/{ids[0]}" if len(ids) == 1 else None


def _workday(host: str, path: str, _query: list[tuple[str, str]]) -> str | None:
    """Site and slug, which ends with the requisition; locale and place come and go."""
    segments = [s for s in path.split("/") if s]
    if of_tenant := _workday_host.fullmatch(host):
        tenant, server = of_tenant.groups()
    elif (shared := _workday_site.fullmatch(host)) and "recruiting" in segments[:2]:
        segments = segments[segments.index("recruiting") + 1 :]
        tenant, server = (segments.pop(0).lower() if segments else ""), shared.group(1)
    else:
        return None
    if len(segments) > 1 and _locale.fullmatch(segments[0]):
        segments.pop(0)
    marker = next((i for i, s in enumerate(segments) if i and s in ("job", "details")), None)
    slugs = [s for s in segments[marker + 1 :] if "_" in s] if marker else []
    if not marker or not slugs or not _has_digit.search(slugs[-1].rpartition("_")[2]):
        return None
    slug = slugs[-1].lower().removeprefix("xmlname-")
    return f"https://{tenant}.{server}.myworkdayjobs.com/{segments[marker - 1].lower()}/job/{slug}"


def _known_form(host: str, path: str, query: list[tuple[str, str]]) -> str | None:
    if host == "jobs.jobvite.com" and (found := _jobvite_path.fullmatch(path)):
        return f"https://{host}/{found.group(1).lower()}/job/{found.group(2)}"
    if host.endswith(".eightfold.ai"):
        path = next((f"/careers/job/{v}" for k, v in query if k == "pid"), path)
    for of_host, of_path, canonical in _FORMS:
        if of_host.fullmatch(host) and (found := of_path.fullmatch(path)):
            return "https://" + canonical.format(*map(str.lower, found.groups()), host=host)
    return None


def _tidy_path(path: str) -> str:
    """Percent signs only where they must be, no doubled or trailing slash."""
    segments = [quote(unquote(s), safe="!$&'()*+,;=:@~-._") for s in path.split("/") if s]
    return "".join(f"/{segment}" for segment in segments)


def _is_id(text: str) -> bool:
    """Four digits or more that are not a year, or a run of hexadecimal; a word alone names no single job."""
    return bool(
        _uuid.search(text.lower())
        or _four_digits.search(_year.sub("", text))
        or _hexadecimal.fullmatch(text)
    )


_RULES: tuple[Callable[[str, str, list[tuple[str, str]]], str | None], ...] = (
    _greenhouse, _ashby, _workday, _known_form,
)  # fmt: skip
