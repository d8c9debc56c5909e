"""Renders a resume document as one PDF page with Typst. The bytes are a pure function of the document."""

import io
import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Literal

import typst
from pypdf import PdfReader

from internflow.resumes.page import build_page, fit_page

SCREEN_PPI = 144.0  # PDF has no use for it


def render_pdf(document: Mapping[str, Any]) -> bytes:
    """One A4 page; what has no room is left out, last bullets first.

    Raises ContractViolation when not even the name fits.
    """
    return _compile(fit_page(document, _is_one_page))


def render_png(document: Mapping[str, Any]) -> bytes:
    """The page of `render_pdf` as a picture, for a screen. Raises ContractViolation as it does."""
    return _compile(fit_page(document, _is_one_page), "png")


def _is_one_page(document: Mapping[str, Any]) -> bool:
    return len(PdfReader(io.BytesIO(_compile(document))).pages) == 1


def _compile(document: Mapping[str, Any], target: Literal["pdf", "png"] = "pdf") -> bytes:
    # As a value: the template never evaluates what a name or a repository holds.
    data = json.dumps(build_page(document), ensure_ascii=False)
    return typst.compile(
        _read_template(),
        font_paths=_open_fonts(),
        sys_inputs={"data": data},
        format=target,
        ppi=SCREEN_PPI,
    )


@cache
def _read_template() -> bytes:
    return resources.files("internflow.resumes").joinpath("template.typ").read_bytes()


@cache
def _open_fonts() -> typst.Fonts:
    """Only the fonts that Typst carries: the same page on every machine."""
    return typst.Fonts(include_system_fonts=False)
