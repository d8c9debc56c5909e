"""The kind of a job by the words of its posting: English, German, French, Spanish and a few more. Pure."""

import re
from dataclasses import dataclass
from typing import Literal

from internflow.listings.sentences import find_sentences, read_source

Kind = Literal["internship", "apprenticeship", "new_graduate", "other"]

RULES_VERSION = "kind-2"

_flags = re.IGNORECASE

# A job that deals with interns instead of being one.
_about_interns = re.compile(
    r"\b(?:intern(?:ship)?s?|co-?ops?|fellowships?"
    r"|apprentice(?:ship)?s?|new[- ]grad\w*|graduates?|early[- ](?:careers?|talent)"
    r"|(?:campus|university|student)(?: &| and)?(?: early[- ]careers?| graduates?)?)\s+"
    r"(?:program(?:me)?s?\s+|talent\s+(?:acquisition\s+)?|recruit(?:ing|ment)\s+|subject matter\s+)?"
    r"(?:manager|coordinator|recruiter|lead(?! gen)|director|mentor|supervisor|specialist|partner|expert"
    r"|advis[oe]r|instructor|tutor|assessor|admissions|ambassador|consultant|administrator|trainer)\b"
    r"|\brecruiter\b.*\b(?:interns|internships|apprentices\w*|graduates?|early[- ]careers?|campus|university)\b"
    r"|\b(?:head|director|manager|lead|coordinator|partner|recruiter|vp)\b(?:,| of| for| -| \u2013)\s*(?:\w+ ){0,2}"
    r"(?:interns|internships|intern(?:ship)? program\w*|apprenticeships|early[- ](?:careers?|talent)"
    r"|graduate program\w*|campus|university)\b",
    _flags,
)
_intern_itself = re.compile(r"\b(?:intern|co-op)\b(?! program)", _flags)
_apprenticeship = re.compile(
    r"\b(?:(?:pre-?)?apprentice(?:ship)?s?|ausbildung(?:splatz|sstelle)?|auszubildende[rn]?|azubis?"
    r"|dual(?:es|e[rs]?) stud(?:ium|ent)\w*"
    r"|alternan(?:ce|te?s?)|apprenti(?:e|ssage)?s?|aprendiz|aprendices|apprendista(?:to)?)\b",
    _flags,
)
# `Stage` alone is a place in a theatre or a round of money: it counts where French, Dutch and Italian put it.
_internship = re.compile(
    r"\b(?:intern(?:ship|ee)?s?|winternships?|interships?|externships?|fellowships?|fellows program(?:me)?"
    r"|co\s?[-\u2010-\u2013]?\s?ops?(?! (?:game|mode|store|market))|co-?operative education"
    r"|working students?|student (?:worker|assistant|developer|researcher|engineer|trainee|programmer|analyst|associate"
    r"|job|technician|placement|helper|employee|contractor)s?|(?:engineer|scientist|developer|analyst|researcher"
    r"|part[- ]time|thesis|placement|vacation|summer|undergraduate)[- ]students?"
    r"|undergraduate (?:researcher|research|engineer|analyst|software|trainee|placement|program\w*)"
    r"|werkstud\w{2,12}|\w{0,20}praktik(?:um|a|um\w|ant\w{0,6}|umsplatz)"
    r"|studentische[rn]? (?:hilfskraft|mitarbeiter\w*)"
    r"|(?:master|bachelor|diplom|abschluss|studien)arbeit|(?:master|bachelor)(?:['\u2019]?s)? thesis"
    r"|thesis (?:worker|project)"
    r"|stagiaires?|stagiairs?|stagist[aei]|(?:afstudeer|meewerk)stage|stageplek|tirocin\w{2,5}"
    r"|stage (?:de |d['\u2019]|en |pfe\b|fin |m[12]\b|ing[ée]nieur|d[ée]velopp|assistant|data |[-\u2013:] )"
    r"|(?:offre|contrat|poste|convention|projet) de stage"
    r"|pr[áa]cticas|practicantes?|becari[oa]s?|pasant[ií]as?|pasantes?|est[áa]gi(?:o|os|[áa]ri[oa]s?)"
    r"|stajyer|sta[żz]yst\w+"
    r"|examensarbete|studentermedhjælper|praktik"
    r"|summer (?:\w+ ){0,2}(?:analyst|associate|scholar|fellow|trainee|fellowship)s?|off[- ]cycle"
    r"|industrial (?:placement|training)|placement (?:year|student|programme|20\d\d)"
    r"|(?:month|year)[- ](?:long )?placement"
    r"|year in industry|vacation(?:er)? program\w*|vacationer"
    r"|(?:industrial|student|research|summer|vocational) trainees?|(?-i:PEY|ASIP))\b"
    r"|^\W{0,3}stage\b(?! ?(?:manager|hand|tech|\d|crew|lead|gate|director|produc|design|light|build|carpent|rigg|i))"
    r"|[-\u2013|(/]\s{0,3}stage\s{0,3}(?:[-\u2013|)/(]|$)|实习|實習|インターン|인턴",
    _flags,
)
_not_graduate = (
    r"(?! (?:school|stud(?:ies|y)|admission|education|research assistant|degree|level|medical|teaching|assistant"
    r"|recruit|nurse|program(?:me)? (?:manager|coordinator|director)))"
)
_new_graduate = re.compile(
    r"\b(?:new[- ]?(?:college[- ]|university[- ])?grad(?:uate)?s?"
    r"|(?:university|college|recent|fresh|upcoming|campus|phd|ms|master'?s?)[- ](?:grad(?:uate)?|hire)s?"
    r"|(?:20\d\d|'\d\d) grad(?:uate)?s?|grads? 20\d\d|grads"
    r"|early[- ](?:in[- ])?(?:careers?|talent)|emerging talent|entry[- ]level|freshers?"
    r"|campus hir(?:e|ing)|off[- ]campus"
    r"|(?:class|batch) of 20\d\d|20\d\d (?:batch|pass[- ]?outs?)|pass[- ]?outs?"
    r"|20\d\d (?:\w+ ){1,3}(?:analyst|engineer|associate|development) program(?:me)?"
    r"|(?:rotation(?:al)?|leadership) (?:development )?program(?:me)?"
    r"|(?:graduate|diploma|management|software|developer|engineer(?:ing)?|programmer|data|technology|technical|it|analyst)"
    r" (?:engineer )?trainees?|trainee (?:engineer|developer|software|programmer|data|analyst|consultant|programm?e?)"
    r"|traineeprogramm|trainee[- ]programm\w*|berufseinsteiger\w*|(?:hochschul|uni)?absolvent\w*|direkteinstieg"
    r"|jeunes? diplôm[ée]e?s?|reci[ée]n (?:graduad|egresad)[oa]s?|reci[ée]m[- ]formad[oa]s?"
    r"|(?-i:GET)(?=\)|$| -))\b"
    r"|^\W{0,3}campus ?[:\u2013-]|\b(?<!post-)(?<!post )graduates?\b"
    + _not_graduate
    + r"|新卒|校招|应届",
    _flags,
)
_intern_type = re.compile(
    r"\b(?:intern(?:ship)?s?|co-? ?op|working student|werkstudent(?:in)?|student job|praktik(?:um|ant)|stage|stagiaire"
    r"|trainee \(intern\))\b",
    _flags,
)
_apprentice_type = re.compile(
    r"\b(?:apprentice(?:ship)?|ausbildung|alternance|apprentissage)\b", _flags
)
_graduate_type = re.compile(r"\b(?:new grad(?:uate)?s?|graduates?|early careers?)\b", _flags)
_grown_up = re.compile(
    r"\b(?:senior|sr|staff|principal|lead|manager|director|head|vp|chief|architect|professor|leiter(?:in)?)\b",
    _flags,
)
_length = r"(?:paid |unpaid |summer |remote |virtual |(?:full|part)-time |\d{1,2}[- ](?:week|month)[- ](?:long )?){0,4}"
# In a description only what speaks of this very job counts; many jobs want an internship behind their candidate.
_described_intern = re.compile(
    rf"\bthis (?:is an? )?{_length}(?:internship|co-op|praktikum)"
    r"|\bas an? (?:\w+ ){0,3}intern(?: at \w+)?,? you\b|\b(?:the|our) (?:\w+ ){0,2}intern will\b"
    r"|\b(?:seeking|looking for|hiring|recruiting) (?:an? |for )?(?:\w+ ){0,4}interns?\b"
    r"|\b(?:job|employment|position|role) ?type ?: ?\**(?:internship|intern)\b|\bduration of (?:the )?internship\b"
    r"|\b(?:the|our) internship (?:will|runs|lasts|starts|begins|is (?:a|paid|expected|located|based))"
    r"|\binternship (?:duration|period|stipend|dates)\b|\bdein praktikum\b|\bce stage\b",
    _flags,
)
_described_graduate = re.compile(
    r"\bthis (?:is an? )?(?:\w+ ){0,2}(?:new[- ]grad(?:uate)?|graduate) (?:role|position|program(?:me)?)\b"
    r"|\b(?:seeking|looking for|hiring|recruiting) (?:for )?(?:20\d\d )?(?:fresh|new|recent) "
    r"(?:college |university )?grad(?:uate)?s\b"
    r"|\b20\d\d (?:batch|pass[- ]?outs?) (?:graduates|students|only|can apply|freshers)\b",
    _flags,
)


@dataclass(frozen=True)
class KindFacts:
    """A kind and the words of the posting that decided, as they stand there; no word decides for `other`."""

    kind: Kind
    words: tuple[str, ...]


_BY_TYPE: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("internship", _intern_type),
    ("apprenticeship", _apprentice_type),
    ("new_graduate", _graduate_type),
)
_BY_TITLE: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("apprenticeship", _apprenticeship),
    ("internship", _internship),
    ("new_graduate", _new_graduate),
)


def find_kind(title: str, employment_type: str | None, description: str) -> KindFacts:
    """The kind of a job: by its employment type, else by its title, else by what it says of itself."""
    stated = employment_type or ""
    words = stated.translate(_SPACED)
    for kind, pattern in _BY_TYPE:
        if found := pattern.search(words):
            return KindFacts(kind, (stated[found.start() : found.end()],))
    return _read_title(title) or _read_description(title, description)


def _read_title(title: str) -> KindFacts | None:
    about = _about_interns.search(title)
    if about is not None:
        rest = title[: about.start()] + title[about.end() :]
        itself = _intern_itself.search(rest)
        return KindFacts("internship", (itself.group(),)) if itself else KindFacts("other", ())
    for kind, pattern in _BY_TITLE:
        words = [found.group().strip(_EDGES) for found in pattern.finditer(title)]
        if words:
            return KindFacts(kind, tuple(dict.fromkeys(words)))
    return None


def _read_description(title: str, description: str) -> KindFacts:
    if _grown_up.search(title):
        return KindFacts("other", ())
    for sentence in find_sentences(read_source("", description), _DESCRIBING):
        if found := _described_intern.search(sentence):
            return KindFacts("internship", (found.group(),))
        if found := _described_graduate.search(sentence):
            return KindFacts("new_graduate", (found.group(),))
    return KindFacts("other", ())


# Some of these stand in every sentence that tells the kind.
_DESCRIBING = (
    "internship", " intern ", " intern,", " intern.", " intern!", " intern\n", " interns", "praktikum", "ce stage",
    "co-op", "graduate", "new grad", "new-grad", "passout", "pass-out", "pass out", " batch",
)  # fmt: skip
_SPACED = {ord("_"): " "}
_EDGES = "-\u2013|(/): "
