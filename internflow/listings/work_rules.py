"""The statements of a description that tell a work model: a word, with what must stand before and behind it.

Lower case throughout. The patterns read only a short window next to the word, so their cost is bounded.
"""

import re
from typing import NamedTuple

from internflow.listings.posting import WorkModel

ROLE = r"(?:role|position|job|opportunity|internship|vacancy|placement|fellowship|co-?op|contract|stelle)"
LINE_START = r"(?:^|\n)\s*(?:[-\u2022*]\s*)?"
LABEL = (
    r"\b(?:locations?|arbeitsort|(?:work(?:place)?|job|location) (?:type|model|mode|arrangement|setup))"
    r"\s?[:\u2013-]\s?[^.\n]{0,50}"
)
# Words between "this role is" and the work model.
_LINK = (
    r"(?: (?:is|are|can|will|may|could|would|be|currently|fully|also|either|primarily|mostly|based|performed"
    r"|done|worked|open"
    r"|considered|available|offered|eligible|for|as|on|in|an?|to|out|of|hybrid|or|on-?site|100%|completely)){1,5}"
)
_PART = r"(?: (?:work(?:ing)?|options?|candidates?|applicants?|employees|positions?|roles?|arrangements?)){0,2}"
_REFUSED = r" (?:(?:is|are|will|can|may|would) )?(?:not|cannot)\b"
_NO_JOB = (  # what people do remotely or on site without the job being so
    r"(?! (?:teams?\b|sens|access|hands|control|monitor|support|desktop|gym|doctor|event|interview|visit"
    r"|meeting|onboarding"
    r"|with |at (?:client|customer)|training|security|customer|client|day\b|social|parking|childcare|caf"
    r"|for (?:interview|onboarding"
    r"|training|team)|work (?:from|for)|meal|lunch|fitness|medical|health|amenit|response|experience))"
)
_COMPANY = r" (?:company|organi[sz]ation|business|start-?up|workforce|employer)\b"
_HYBRID_WORK = (
    r"[- /](?:(?:remote|in-office|office|first|friendly|flexible|home)[- /]+)?(?:work\w*|schedule|policy"
    r"|set-?up|basis|arrangement|company"
    rf"|office|approach|remote|arbeit\w*|format|culture|employees?|attendance|{ROLE})\b"
    r"(?! (?:load|flow|combining|between (?:sales|engineering|technical)|that (?:combines|blends)|of (?:sales"
    r"|technical)))"
)
_ON_SITE = ("onsite", "on-site", "on site", "in-office", "in office", "in-person", "in person")
_SITE = r"(?:office|headquarters|hq|campus|facility|lab|site|factory|plant)s?\b"


class Statement(NamedTuple):
    """One rule: `before` is searched up to the word, `behind` matched from it on."""

    model: WorkModel
    words: tuple[str, ...]
    before: re.Pattern[str] | None
    behind: re.Pattern[str] | None


def _state(model: WorkModel, words: tuple[str, ...], before: str, behind: str) -> Statement:
    return Statement(
        model,
        words,
        re.compile(f"(?:{before})$") if before else None,
        re.compile(behind) if behind else None,
    )


REFUSALS = (
    _state("on_site", ("remote",), "", rf"(?:ly)?(?:[/ ](?:or |and )?hybrid)?{_PART}{_REFUSED}"),
    _state("on_site", ("hybrid",), "", rf"(?:[/ ](?:or |and )?remote)?{_PART}{_REFUSED}"),
    _state("on_site", ("remote", "hybrid"), r"\b(?:is|are) not (?:an? )?(?:fully )?", r"\b"),
    _state(
        "on_site", ("remote", "hybrid"), r"(?:^|[.;\n(-])\s*no ", r"(?: work\b| option|[.,;)\n])"
    ),
)
STATEMENTS = (
    _state("remote", ("remote",), r"#\s?li-?\s?", ""),
    _state(
        "remote",
        ("remote",),
        r"\b(?:fully|100 ?%|completely|entirely|permanently)[ -]",
        r"(?:ly)?(?!\w| (?:or hybrid )?teams?| (?:or hybrid )?(?:candidates|employees) (?:will|are) not)",
    ),
    _state("remote", ("remote",), "", r"[- ]first\b(?! (?:team|tool))"),
    _state(
        "remote", ("remote",), rf"\b{ROLE}(?: location)?(?:{_LINK} |: ?)", rf"(?:ly)?\b{_NO_JOB}"
    ),
    _state(
        "remote",
        ("remote",),
        r"\b(?:this|an?|our|as) (?:[\w%-]+ ){0,3}",
        rf"(?:-first|-friendly|-based| based)?,? (?:[\w-]+ ){{0,2}}{ROLE}\b",
    ),
    _state("remote", ("remote",), LABEL, r"\b"),
    _state("remote", ("remote",), r"\boffices?,? or (?:work )?(?:fully )?", rf"(?:ly)?\b{_NO_JOB}"),
    _state(
        "remote",
        ("remotely",),
        r"\b(?:or|can|may|able to|could|you'll|you will) (?:also )?(?:work|be based|be) (?:fully )?",
        r" (?:in|from|within|across) (?![^.\n]{0,40}(?:weeks?|days?|months?)\b)",
    ),
    _state(
        "remote",
        ("remote", "work from home"),
        LINE_START,
        r"(?:[- ]friendly)?\s*(?:\(|\n|$|[,:\u2013-]\s)",
    ),
    _state("remote", ("work from home",), r"\b(?:is|this) an? (?:[\w-]+ ){0,2}", rf" {ROLE}\b"),
    _state(
        "remote",
        ("remote",),
        r"\b(?:open to|hiring|accept(?:ing)?|consider(?:ing)?) (?:fully )?",
        r" (?:candidates|applicants|employees|workers|hires)",
    ),
    _state(
        "remote",
        ("remote", "distributed"),
        r"\b(?:we are|we're|is|as) (?:an? )?(?:[\w-]+,? ){0,3}",
        rf"(?: and \w+)?{_COMPANY}",
    ),
    _state(
        "remote",
        ("anywhere",),
        r"\bwork(?:ing)? (?:remotely )?from |\b(?:based|located) ",
        r"(?: (?:in|within|across)\b|[.,!\n])(?![^.\n]{0,40}(?:weeks?|days?|months?)\b)",
    ),
    _state(
        "remote",
        ("home office", "home-office", "homeoffice", "from home"),
        r"\b100 ?% (?:work )?",
        "",
    ),
    _state("hybrid", ("hybrid",), r"#\s?(?:li-?\s?)?", r"\b"),
    _state("hybrid", ("hybrid",), "", _HYBRID_WORK),
    _state(
        "hybrid",
        ("hybrid",),
        "",
        r"(?:es|er|en)? (?:arbeit|(?:[\w-]+ )?(?:model|setting|environment)\b(?=[^.\n]{0,90}(?:office|remote"
        r"|home|days?\b|flexib)))",
    ),
    _state(
        "hybrid",
        ("hybrid",),
        r"\b(?:follows?|operates?|have|has|largely|our) (?:an? )?(?:[\w-]+ )?",
        " model",
    ),
    _state(
        "hybrid", ("hybrid",), rf"\b{ROLE}(?: type)?(?:{_LINK} |: ?)", r"\b(?! (?:of|cloud|infra))"
    ),
    _state("hybrid", ("hybrid",), LABEL, r"\b(?! cloud)"),
    _state("hybrid", ("hybrid",), LINE_START, r"\s*(?:\(|\n|$|[,:\u2013]\s)"),
    _state(
        "hybrid",
        ("hybrid",),
        r"\b(?:remote|on-?site|in-office) ?(?:or|/|and) ?",
        r"(?! (?:cloud|environ|infra|team))",
    ),
    _state("hybrid", ("anchor days",), r"\bin[- ]office ", ""),
    _state(
        "hybrid",
        ("home office", "home-office", "homeoffice", "remote"),
        r"\bteilweise (?:im )?",
        "",
    ),
    _state("on_site", _ON_SITE, r"#\s?li-?\s?", ""),
    _state(
        "on_site",
        _ON_SITE,
        r"\b(?:to|must) be (?:physically )?(?:present )?(?:fully |primarily )?",
        rf"\b{_NO_JOB}",
    ),
    _state(
        "on_site",
        _ON_SITE,
        r"\b(?:requir\w+|must|ability|able|expected|willing\w*|commitment) (?:[\w,'-]+ ){0,6}(?:work|working"
        r"|present) (?:[\w-]+ ){0,2}",
        rf"\b{_NO_JOB}",
    ),
    _state(
        "on_site",
        _ON_SITE,
        rf"\b{ROLE}(?:{_LINK} | requires? |: ?)(?:a )?(?:fully )?",
        rf"\b{_NO_JOB}",
    ),
    _state("on_site", _ON_SITE, r"\b(?:an?|this) (?:[\w%-]+ ){0,2}", rf"(?:,? [\w-]+)? {ROLE}\b"),
    _state(
        "on_site", _ON_SITE, "", r",? (?:work |attendance |presence )?(?:is )?(?:required|only)\b"
    ),
    _state("on_site", _ON_SITE, "", rf" (?:in|at|from|out of) (?:our|the) [^.\n]{{0,40}}?{_SITE}"),
    _state("on_site", _ON_SITE, r"\b(?:fully|100 ?%|full[- ]time),? ", rf"\b{_NO_JOB}"),
    _state("on_site", _ON_SITE, rf"{LABEL}|{LINE_START}", r"\s*(?:\(|\n|$|[,:;\u2013]\s)"),
    _state(
        "on_site",
        ("office", "headquarters", " hq", "campus"),
        rf"\b(?:this|the) (?:[\w-]+ )?{ROLE} (?:is|will be)(?: [\w-]+){{0,2}} (?:based|located) (?:in|at|out of"
        rf"|from) (?:our|the) [^.\n]{{0,40}}",
        r"s?\b(?! or )",
    ),
    _state("on_site", ("office",), "", rf"[- ]based {ROLE}\b"),
    _state(
        "on_site", ("office",), r"\b(?:primarily (?:work )?|work )from our [^.\n]{0,40}", r"s?\b"
    ),
)
