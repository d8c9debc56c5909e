import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from internflow.errors import UncitedStatement
from internflow.resumes.bullets import build_bullets
from internflow.resumes.citations import Bullet, check_bullet
from internflow.resumes.evidence import Evidence

REPO = "a" * 16
SHA = "c" * 40


def number(kind: str, value: int, name: str = "all") -> Evidence:
    return Evidence(
        REPO, kind, name, SHA, measure_sql="select 1", measure_params={}, measured_value=value
    )


def quote(kind: str, name: str, text: str, path: str = "a.py") -> Evidence:
    return Evidence(REPO, kind, name, SHA, path, 1, 1, text)


def say(content: str, *evidence: Evidence) -> Bullet:
    return Bullet("b", REPO, "rule", content, tuple(e.evidence_id for e in evidence))


SHOP = [
    number("commits", 214),
    number("files", 96),
    number("months", 7),
    number("test_commits", 31),
    number("test_files", 1),
    number("own_area_files", 12, "api/:python"),
    number("area_files", 12, "api/:python"),
    number("own_area_files", 3, "web/src/:tsx"),
    number("area_files", 9, "web/src/:tsx"),
    quote("language", "Python", "import flask"),
    quote("language", "SQL", "select 1;"),
    quote("skill", "Flask", "import flask"),
    quote("skill", "PostgreSQL", "import psycopg"),
    quote("skill", "Redis", "import redis"),
    quote("symbol", "api/o.py:create_order", "def create_order(o):"),
    quote("symbol", "api/o.py:cancel_order", "def cancel_order(o):"),
    quote("symbol", "web/src/Cart.tsx:Cart", "export function Cart() {"),
    quote("symbol", "setup.py:build", "def build():"),
]


def test_bullets_say_what_the_evidence_says() -> None:
    assert [b.content for b in build_bullets(REPO, SHOP)] == [
        "Authored 214 commits across 96 files, active in 7 months.",
        "Wrote Python and SQL, using Flask, PostgreSQL and Redis.",
        "Added all 12 Python files in `api` and wrote `create_order` and `cancel_order` there.",
        "Added 3 of the 9 TypeScript files in `web/src` and wrote `Cart` there.",
        "Implemented `build`.",
        "Changed tests in 31 of 214 commits and added 1 test file.",
    ]


def test_one_of_a_thing_is_singular_and_what_is_not_measured_is_not_said() -> None:
    assert [b.content for b in build_bullets(REPO, [number("commits", 1), number("files", 1)])] == [
        "Authored 1 commit across 1 file."
    ]
    assert [b.content for b in build_bullets(REPO, [quote("skill", "Flask", "import flask")])] == [
        "Used Flask."
    ]
    assert build_bullets(REPO, [number("commits", 0), number("test_commits", 0)]) == []
    assert build_bullets(REPO, []) == []


def test_symbols_are_told_of_the_area_and_the_language_they_lie_in() -> None:
    evidence = [
        number("own_area_files", 2, "web/:javascript"),
        number("area_files", 2, "web/:javascript"),
        quote("symbol", "web/views.py:render_cart", "def render_cart():"),
    ]
    assert [b.content for b in build_bullets(REPO, evidence)] == [
        "Added both JavaScript files in `web`.",
        "Implemented `render_cart`.",
    ]


def test_bullet_ids_are_unique_and_every_bullet_cites_something() -> None:
    bullets = build_bullets(REPO, SHOP)
    assert len({b.bullet_id for b in bullets}) == len(bullets)
    assert all(b.evidence_ids for b in bullets)


COMMITS, FLASK = (
    number("commits", 214),
    quote("skill", "Flask", "flask==2.3  # since 2024-05-01", "api/v1.py"),
)


@pytest.mark.parametrize(
    ("content", "evidence"),
    [
        ("Authored 214 commits.", [COMMITS]),
        ("Used Flask, pinned as `flask==2.3`.", [FLASK]),
        ("Used Flask since 2024-05-01.", [FLASK]),
        ("Used Flask in `api/v1.py`.", [FLASK]),
        ("Wrote code.", [COMMITS]),
    ],
)
def test_statement_that_its_evidence_makes_is_kept(content: str, evidence: list[Evidence]) -> None:
    check_bullet(say(content, *evidence), evidence)


@pytest.mark.parametrize(
    "content",
    [
        "Authored 215 commits.",
        "Authored 2140 commits.",
        "Authored 21 commits.",
        "Authored 2,14 commits.",
        "Authored 214+ commits.",
        "Authored 214k commits.",
        "Saved 40% of time.",
        "Authored \uff12\uff11\uff14 commits.",
        "Ranked ½.",
        "Grew 10\u00d7 in 214 days.",
        "Built `create_order`.",
        "Built `fla`.",
        "Used Python3.",
        "Authored 2\u200b14 commits.",
        "Wrote 1.5 modules.",
    ],
)
def test_statement_that_no_cited_evidence_makes_is_refused(content: str) -> None:
    with pytest.raises(UncitedStatement, match="cite it or drop it"):
        check_bullet(say(content, COMMITS, FLASK), [COMMITS, FLASK])


def test_number_of_evidence_that_is_not_cited_is_refused() -> None:
    with pytest.raises(UncitedStatement, match="'214'"):
        check_bullet(say("Authored 214 commits.", FLASK), [COMMITS, FLASK])


def test_bullet_without_evidence_or_with_evidence_that_is_gone_is_refused() -> None:
    with pytest.raises(UncitedStatement, match="not there"):
        check_bullet(say("Wrote code."), [COMMITS])
    with pytest.raises(UncitedStatement, match="not there"):
        check_bullet(say("Wrote code.", COMMITS, FLASK), [COMMITS])


TEXT = st.text(
    alphabet=st.characters(codec="utf-8") | st.sampled_from("0123456789 `.,-%"), max_size=40
)
EVIDENCE = st.lists(
    st.builds(number, st.sampled_from(["commits", "files"]), st.integers(0, 2**62))
    | st.builds(quote, st.just("skill"), TEXT, TEXT, TEXT),
    max_size=4,
)


@given(TEXT, EVIDENCE)
def test_whatever_passes_has_every_digit_in_its_evidence(
    content: str, evidence: list[Evidence]
) -> None:
    try:
        check_bullet(say(content, *evidence), evidence)
    except UncitedStatement:
        return
    said = " ".join(f"{e.name} {e.path} {e.quote} {e.measured_value}" for e in evidence)
    assert set(re.findall(r"\d+", content)) <= set(re.findall(r"\d+", said))
    assert {c for c in content if c.isnumeric()} <= {c for c in said if c.isnumeric()}


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_only_the_measured_number_itself_passes(said: int, measured: int) -> None:
    evidence = number("commits", measured)
    bullet = say(f"Authored {said} commits.", evidence)
    if said == measured:
        check_bullet(bullet, [evidence])
    else:
        with pytest.raises(UncitedStatement):
            check_bullet(bullet, [evidence])


SKILLS = st.sampled_from(["Flask", "C++", "C#", "Amazon S3", "Vue 3", "D3.js", "PostgreSQL"])
SYMBOLS = st.from_regex(r"[A-Za-z]\w{2,20}", fullmatch=True)


@given(
    st.dictionaries(
        st.sampled_from(["commits", "files", "months", "test_commits", "test_files"]),
        st.integers(0, 10**6),
    ),
    st.lists(SKILLS, unique=True),
    st.lists(SYMBOLS, unique=True, max_size=6),
    st.lists(
        st.tuples(st.from_regex(r"[a-z0-9_.-]{1,12}/", fullmatch=True), st.integers(1, 99)),
        max_size=3,
        unique_by=lambda a: a[0],
    ),
)
def test_every_built_bullet_passes_its_own_guard(
    numbers: dict[str, int], skills: list[str], symbols: list[str], areas: list[tuple[str, int]]
) -> None:
    evidence = [number(kind, value) for kind, value in numbers.items()]
    evidence += [quote("skill", skill, "import it") for skill in skills]
    evidence += [quote("symbol", f"x/a.py:{symbol}", f"def {symbol}():") for symbol in symbols]
    for folder, files in areas:
        evidence += [
            number("own_area_files", files, f"{folder}:python"),
            number("area_files", files + 1, f"{folder}:python"),
        ]
    for bullet in build_bullets(REPO, evidence):
        check_bullet(bullet, evidence)
        assert bullet.content.endswith(".")
