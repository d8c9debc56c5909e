"""Signs that a posting wants the candidate's money or data: rules that each name their words. Pure.

A rule reads only the sentences that hold one of its words, and never one that warns of or denies what it looks for.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from internflow.listings.sentences import Source, find_sentences, quote, read_source

Level = Literal["no_concern", "check", "avoid"]
Rule = Literal[
    "fee",
    "certificate_for_money",
    "money_from_candidate",
    "identity_before_offer",
    "free_mail_address",
    "chat_to_apply",
    "no_interview",
    "multi_level_marketing",
    "unlikely_pay",
]

RULES_VERSION = "trust-1"

# Above these a month no employer pays a learner, or anybody for simple typing.
MOST_USD_MONTH_LEARNER = Decimal(30_000)
MOST_USD_MONTH_TYPING = Decimal(6_000)

_flags = re.IGNORECASE
_money = r"(?:\u20b9|\$|\u20ac|\u00a3|\brs\.?|\binr|\busd|\beur)\s?\d"
_kind_of_fee = (
    r"(?:registration|application|training|enrol?lment|processing"
    r"|on-?boarding|joining|admission|course|internship"
    r"|program(?:me)?|certificat(?:e|ion)|security|refundable|caution|documentation|verification|interview"
    r"|starter kit|kit"
    r"|laptop|uniform|membership|admin(?:istrati(?:ve|on))?|exam"
    r"|seat(?: booking)?|booking|placement|reservation|id card)"
)
_fee_word = r"(?:fees?|charges?|deposit|amount|payment|cost)"
_fee = re.compile(rf"\b{_kind_of_fee}(?: (?:and|or|&) \w+)? {_fee_word}\b", _flags)
_asked = re.compile(
    rf"{_money}|\b(?:pay|payable|paid|non-?refundable|refundable|mandatory|compulsory|nominal|required"
    r"|one[- ]time|deposit"
    r"|at the time of joining|before joining|charged?|applicable|remit|transfer)\b",
    _flags,
)
_certificate = re.compile(
    r"\b(?:pay|purchase|buy|fee|charges?)\b[^.\n]{0,50}\b(?:certificate|offer letter"
    r"|letter of recommendation)\b"
    rf"|\b(?:certificate|offer letter)\b[^.\n]{{0,30}}(?:{_money}|\bpaid separately|\bon payment|\bchargeable)",
    _flags,
)
_you_pay = re.compile(
    r"\b(?:candidates?|you|interns?|applicants?|students?|selected \w+)\s(?:(?:will|must"
    r"|should|shall|need|needs|have|has|are"
    r"|is|required|asked|to|also|first|then)\s){1,5}(?:pay|deposit|transfer|invest|remit)\s(?!attention|close"
    r"|off|careful"
    r"|particular|detail|heed|strict|equity|respect|special|great|tax|for (?:your|their) own)[^.\n]{0,40}"
    rf"(?:{_money}|\b(?:fees?|amount|deposit|charges?|registration|security|us\b|money))"
    rf"|\bpay (?:a |the |an )?(?:\w+ ){{0,3}}{_fee_word} of {_money}",
    _flags,
)
# Some of these stand in every sentence that breaks a rule.
_WORDS = (
    " fee", " charge", "deposit", " amount", "payment", " pay ", "certificate", "offer letter", "aadha",
    "bank d", "bank a", " otp", " pan ", " upi ", "t card", "social security n", "@", "whatsapp", "telegram", ".me/",
    "no interview", "t interview", "n interview", "y interview", "direct ", "instant ", "guaranteed ", "100% ",
    "k marketing", "l marketing", "downline", "own boss", "d income", "al income", "refer ", "and earn", "earn from",
)  # fmt: skip

# What makes a sentence about money a warning, a denial or the company's own business.
_denied = re.compile(
    r"\b(?:never|scam\w*|fraud\w*|beware|impersonat\w*|imposter\w*|fake|legitimate\w*|unsolicited|reimburs\w*"
    r"|agenc(?:y|ies)"
    r"|recruiter fees?|recruitment fees?|third[- ]part(?:y|ies)|without(?! (?:any |an )?interview)|waive\w*"
    r"|not(?! refundable)|n't|n\u2019t|nor"
    r"|no (?:\w+ ){0,3}(?:fees?|charges?|costs?|deposits?|payments?|money|amounts?)"
    r"|neither|fictitious|phishing|attempt\w*|induc\w+|cannot|free of|zero|we (?:will |shall )?(?:pay|cover|bear)"
    r"|company (?:pays|covers)"
    r"|(?:paid|covered|borne|provided) by (?:us|the company|the employer)|relocation|customers?|clients?"
    r"|merchants?|users?)\b",
    _flags,
)
_identity = re.compile(
    r"\b(?:send|share|submit|upload|email|mail|whatsapp)\b[^.\n]{0,60}\b(?:bank (?:account )?(?:details|numbers?"
    r"|statements?"
    r"|passbook)|aadhaa?r|pan (?:card|number)|otp|upi (?:pin|id)|cvv|(?:credit|debit) card"
    r"|social security number|ssn)\b",
    _flags,
)
_after_offer = re.compile(
    r"\b(?:after|upon|once|following|post)\b[^.\n]{0,40}\b(?:offer|joining|selection|hire|hired|selected)\b",
    _flags,
)
_mail_hosts = "gmail|yahoo|outlook|hotmail|rediffmail|ymail|protonmail|aol|icloud"
_mail = re.compile(rf"[\w.+-]{{1,64}}@(?:{_mail_hosts})\.[a-z.]{{2,6}}\b", _flags)
_chat = re.compile(
    r"\b(?:apply|contact|message|text|ping|dm|reach|send|share)\b"
    r"[^.\n]{0,40}\b(?:us|me|hr|here|resume|cv|details|number"
    r"|application|now|at|on|via|through)\b[^.\n]{0,30}\b(?:whatsapp|telegram)\b(?! (?:business|api|bot"
    r"|campaign|team))"
    r"|\b(?:whatsapp|telegram)\b[^.\n]{0,30}(?:\+\d|\b\d{10}\b|\b\d{5} \d{5}\b)|\b(?:wa|t)\.me/",
    _flags,
)
_no_interview = re.compile(
    r"\b(?:no interviews?\b(?! (?:feedback|prep))|without (?:any |an )?interview|direct (?:joining|selection"
    r"|offer letter)"
    r"|instant (?:offer|joining letter)|guaranteed (?:selection|offer letter)|100 ?% (?:selection|job guarantee))",
    _flags,
)
_marketing = re.compile(
    r"\b(?:network marketing|multi[- ]level marketing|downlines?|be your own boss|unlimited income|residual income"
    r"|refer (?:and|&) earn|recruit your friends|earn from home|work \d-\d hours (?:a day )?and earn)\b",
    _flags,
)
_typing = re.compile(
    r"\b(?:data entry|typing|typist|form[- ]filling|copy[- ]paste|ad posting|captcha|survey)\b",
    _flags,
)


@dataclass(frozen=True)
class TrustFlag:
    """A rule that a posting breaks and the words that break it, as they stand; for pay the sum in dollars."""

    rule: Rule
    quote: str


@dataclass(frozen=True)
class Trust:
    """`avoid`: asks the candidate for money. `check`: has a weaker sign. Never a verdict on a company."""

    level: Level
    flags: tuple[TrustFlag, ...]


def assess_trust(
    title: str, description: str, *, pay_usd_month_max: Decimal | None, kind: str
) -> Trust:
    """The signs that a posting shows; `pay_usd_month_max` is the most it promises, in US dollars a month."""
    source = read_source(title, description)
    flags = _find_flags(source)
    if promise := _find_unlikely_pay(title, pay_usd_month_max, kind):
        flags.append(TrustFlag("unlikely_pay", promise))
    asks_for_money = any(flag.rule in _ASKING_FOR_MONEY for flag in flags)
    level: Level = "avoid" if asks_for_money else "check" if flags else "no_concern"
    return Trust(level, tuple(flags))


def _find_flags(source: Source) -> list[TrustFlag]:
    """The first sentence that breaks each rule, in the order of the rules."""
    sentences = [s for s in find_sentences(source, _WORDS) if not _denied.search(s)]
    flags = []
    for rule, is_broken in _CHECKS:
        broken = next((sentence for sentence in sentences if is_broken(sentence)), None)
        if broken is not None:
            flags.append(TrustFlag(rule, quote(broken)))
    return flags


def _asks_for_fee(sentence: str) -> bool:
    found = _fee.search(sentence)
    return found is not None and bool(
        _asked.search(sentence[: found.start()]) or _asked.search(sentence, found.end())
    )


def _sells_certificate(sentence: str) -> bool:
    return bool(_certificate.search(sentence))


def _takes_money(sentence: str) -> bool:
    return bool(_you_pay.search(sentence))


def _asks_for_identity(sentence: str) -> bool:
    return bool(_identity.search(sentence)) and not _after_offer.search(sentence)


def _invites_to_chat(sentence: str) -> bool:
    return bool(_chat.search(sentence))


def _writes_from_free_mail(sentence: str) -> bool:
    return bool(_mail.search(sentence))


def _skips_interview(sentence: str) -> bool:
    return bool(_no_interview.search(sentence))


def _is_marketing(sentence: str) -> bool:
    return bool(_marketing.search(sentence))


def _find_unlikely_pay(title: str, most: Decimal | None, kind: str) -> str | None:
    if most is None:
        return None
    limit = MOST_USD_MONTH_TYPING if _typing.search(title) else MOST_USD_MONTH_LEARNER
    applies = limit == MOST_USD_MONTH_TYPING or kind in {"internship", "apprenticeship"}
    return f"{most:.0f} USD a month" if applies and most > limit else None


_ASKING_FOR_MONEY = frozenset({"fee", "certificate_for_money", "money_from_candidate"})
_CHECKS: tuple[tuple[Rule, Callable[[str], bool]], ...] = (
    ("fee", _asks_for_fee),
    ("certificate_for_money", _sells_certificate),
    ("money_from_candidate", _takes_money),
    ("identity_before_offer", _asks_for_identity),
    ("free_mail_address", _writes_from_free_mail),
    ("chat_to_apply", _invites_to_chat),
    ("no_interview", _skips_interview),
    ("multi_level_marketing", _is_marketing),
)
