import io
import re
import unicodedata
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from internflow.errors import ContractViolation
from internflow.resumes.page import build_page, fit_page, keep_items
from internflow.resumes.render import render_pdf

HOSTILE = [
    '#eval("1+1")',
    "#let x = 1",
    "*bold* _it_ $x^2$ `raw`",
    "<label> @ref",
    "\\ // /* */",
    "]]}}",
    '#read("/etc/passwd")',
    '#import "@preview/x:1.0.0"',
    "{{ data }}",
    "${jndi}",
    "%s %(x)s",
    "a" * 300,
    "= Heading",
    "- item",
    "\u202eRTL override",
]


def build_document(name: str, highlights: list[str], projects: int = 1) -> dict[str, Any]:
    return {
        "basics": {"name": name, "email": "asha@example.org"},
        "skills": [{"name": "Languages", "keywords": ["Python", "SQL"]}],
        "projects": [
            {
                "name": f"shop {p}",
                "startDate": "2024-03-02",
                "endDate": "2024-11-20",
                "highlights": highlights,
            }
            for p in range(projects)
        ],
        "meta": {
            "internflow": {
                "evidence": {"/projects/0/highlights/0": ["e"]},
                "references": {"e": "a1b2c3d api/orders.py:12"},
            }
        },
    }


def read_pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def squeeze(text: str) -> str:
    """Letters and signs alone: where a line breaks, which space or ligature stands, is the page's affair."""
    return re.sub(r"[\s\u200b\u00ad`]+", "", unicodedata.normalize("NFKC", text))


def test_page_shows_everything_of_a_short_document() -> None:
    document = build_document(
        "Asha Rao", ["Authored 214 commits.", "Built `api`: added all 12 files."]
    )
    (text,) = read_pages(render_pdf(document))
    for shown in ("Asha Rao", "asha@example.org", "Python, SQL", "shop 0", "Mar 2024", "Nov 2024",
                  "Authored 214 commits.", "Built api: added all 12 files.", "a1b2c3d api/orders.py:12"):  # fmt: skip
        assert squeeze(shown) in squeeze(text)


def test_bytes_are_the_same_for_the_same_document_and_differ_for_another() -> None:
    document = build_document("Asha Rao", ["Wrote code."])
    assert render_pdf(document) == render_pdf(dict(reversed(document.items())))
    assert render_pdf(document) != render_pdf(build_document("Asha Rao", ["Wrote prose."]))


def test_pdf_holds_no_date() -> None:
    metadata = PdfReader(io.BytesIO(render_pdf(build_document("Asha", ["Wrote code."])))).metadata
    assert metadata is not None
    assert (metadata.title, metadata.author) == ("Resume of Asha", "Asha")
    assert metadata.creation_date is None
    assert metadata.modification_date is None


def test_last_bullets_go_until_the_rest_fits_on_one_page() -> None:
    highlights = [
        f"Authored {n} commits about a matter that takes a line to tell." for n in range(12)
    ]
    document = build_document("Asha Rao", highlights, projects=6)
    (text,) = read_pages(render_pdf(document))
    kept = [p for p in range(6) if f"shop {p}" in text]
    assert kept == list(range(len(kept)))
    assert 0 < len(kept) < 6
    assert squeeze(highlights[11]) in squeeze(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_printed_as_it_is_in_every_place(text: str) -> None:
    document = build_document(text[:120], [f"Wrote {text} twice."])
    document["projects"][0] |= {
        "name": text[:80],
        "description": text,
        "url": f"https://x.org/{text}",
    }
    document["skills"][0]["keywords"] = [text]
    document["meta"]["internflow"]["references"] = {"e": f"a1b2c3d {text}:1"}
    (page,) = read_pages(render_pdf(document))
    assert "root:" not in page
    assert squeeze(page).count(squeeze(text.replace("\u202e", " "))[:80]) >= 5


PRINTABLE = st.text(
    alphabet=st.characters(min_codepoint=0x20, max_codepoint=0x24F, exclude_characters="\u00ad"),
    max_size=120,
)
HOSTILE_TEXT = st.sampled_from(HOSTILE[:-1]) | PRINTABLE


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(HOSTILE_TEXT.filter(lambda t: t.strip()), st.lists(HOSTILE_TEXT, max_size=25))
def test_text_of_the_page_has_the_name_and_the_words_of_every_kept_bullet(
    name: str, highlights: list[str]
) -> None:
    marked = [f"begin{n} {text} end{n}" for n, text in enumerate(highlights)]
    (page,) = read_pages(render_pdf(build_document(name[:120], marked)))
    text = squeeze(page)
    assert squeeze(clean(name[:120])) in text
    kept = [n for n in range(len(marked)) if f"begin{n}" in text]
    assert kept == list(range(len(kept)))  # dropped from the end alone
    assert all(squeeze(clean(marked[n])) in text for n in kept)


def clean(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


@settings(max_examples=40, deadline=None)
@given(
    st.text(max_size=80).filter(lambda t: t.strip()), st.lists(st.text(max_size=200), max_size=5)
)
def test_any_unicode_gives_one_page(name: str, highlights: list[str]) -> None:
    assert len(read_pages(render_pdf(build_document(name, highlights)))) == 1


@given(st.integers(0, 40), st.integers(0, 12), st.integers(0, 3))
def test_fitting_keeps_as_much_as_has_room_and_bullets_go_before_skills(
    room: int, bullets: int, projects: int
) -> None:
    def count(document: Any) -> int:
        return sum(len(g["keywords"]) for g in document["skills"]) + sum(
            len(p["highlights"]) for p in document["projects"]
        )

    document = build_document("Asha", [f"b{n}" for n in range(bullets)], projects)
    everything = count(document)
    fitted = fit_page(document, lambda d: count(d) <= room)
    assert count(fitted) == min(room, everything)
    assert count(fitted) <= 2 or fitted["skills"] == document["skills"]
    if room < everything:
        assert all(p["highlights"] for p in fitted["projects"])


def test_name_that_no_page_can_hold_is_refused() -> None:
    with pytest.raises(ContractViolation, match="shorten it"):
        render_pdf(build_document("Asha " * 4000, []))


def test_dropping_keeps_the_places_of_what_stays() -> None:
    document = build_document("Asha", ["one", "two"], projects=2)
    page = build_page(keep_items(document, 3))
    assert [len(p["bullets"]) for p in page["projects"]] == [1]
    assert page["projects"][0]["bullets"][0]["references"] == "a1b2c3d api/orders.py:12"
