import pytest
from hypothesis import given
from hypothesis import strategies as st

from internflow.resumes.imports import IMPORTS, find_imports, is_manifest
from internflow.resumes.ownership import find_area, is_test

LANGUAGES = [None, "cobol", *IMPORTS]


@pytest.mark.parametrize(
    ("path", "language", "line", "module"),
    [
        ("a.py", "python", "import numpy as np", "numpy"),
        ("a.py", "python", "    from flask.views import View", "flask.views"),
        ("a.py", "python", "print('import numpy')", None),
        ("a.py", "python", "# import numpy", None),
        ("a.py", "python", "important = numpy", None),
        ("a.js", "javascript", "import React, { useState } from 'react';", "react"),
        ("a.js", "javascript", "const express = require('express')", "express"),
        ("a.js", "javascript", "import 'leaflet';", "leaflet"),
        ("a.tsx", "tsx", '} from "@angular/core";', "@angular/core"),
        (
            "a.java",
            "java",
            "import static org.junit.Assert.assertTrue;",
            "org.junit.Assert.assertTrue",
        ),
        ("a.go", "go", '\t"github.com/gin-gonic/gin"', "github.com/gin-gonic/gin"),
        ("a.go", "go", 'import pg "github.com/jackc/pgx/v5"', "github.com/jackc/pgx/v5"),
        ("a.go", "go", 'fmt.Println("hello")', None),
        ("a.rs", "rust", "pub use tokio::sync::mpsc;", "tokio"),
        ("a.rb", "ruby", "gem 'rails', '~> 7.0'", "rails"),
        ("a.php", "php", "use Illuminate\\Http\\Request;", "Illuminate\\Http\\Request"),
        ("a.cs", "csharp", "using Microsoft.EntityFrameworkCore;", "Microsoft.EntityFrameworkCore"),
        ("a.cpp", "cpp", "#include <opencv2/core.hpp>", "opencv2/core.hpp"),
        ("requirements-dev.txt", "text", "psycopg[binary]>=3.1 # driver", "psycopg"),
        ("requirements.txt", "text", "-r base.txt", None),
        ("requirements.txt", "text", "# psycopg", None),
        ("notes.txt", "text", "psycopg", None),
        ("pyproject.toml", "toml", '  "flask>=3,<4",', "flask"),
        ("pyproject.toml", "toml", 'dependencies = ["flask>=3"]', "flask"),
        ("pyproject.toml", "toml", 'description = "a flask shop"', None),
        ("web/package.json", None, '    "react": "^18.2.0",', "react"),
        ("web/package.json", None, '  "name": "react",', None),
        ("go.mod", None, "\tgithub.com/gin-gonic/gin v1.9.1", "github.com/gin-gonic/gin"),
        ("Cargo.toml", "toml", 'tokio = { version = "1", features = ["full"] }', "tokio"),
        ("Cargo.toml", "toml", 'name = "tokio"', None),
        ("a.py", "python", f"import {'x' * 300}", None),
    ],
)
def test_import_of_a_line(path: str, language: str | None, line: str, module: str | None) -> None:
    found = [i.module for i in find_imports(path, language, ["", line])]
    assert found == ([module] if module else [])


@given(
    st.sampled_from(LANGUAGES),
    st.sampled_from(["a.x", "package.json", "requirements.txt", "go.mod"]),
    st.lists(st.text()),
)
def test_any_lines_are_read_and_every_import_names_its_line_and_a_word_of_it(
    language: str | None, path: str, lines: list[str]
) -> None:
    for found in find_imports(path, language, lines):
        assert found.module in lines[found.line - 1]


def test_manifests_are_known_by_their_file_name() -> None:
    assert is_manifest("web/package.json")
    assert not is_manifest("web/package.json.bak")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("tests/a.py", True),
        ("src/test_a.py", True),
        ("a/b_test.go", True),
        ("a/x.spec.ts", True),
        ("OrderTest.java", True),
        ("src/latest.py", False),
        ("contest/a.py", False),
        ("src/attest.go", False),
    ],
)
def test_test_files_are_told_by_their_path(path: str, expected: bool) -> None:
    assert is_test(path) is expected


@pytest.mark.parametrize(
    ("path", "area"),
    [
        ("setup.py", None),
        ("docs/conf.py", None),
        ("api/a.py", "api/"),
        ("api/v1/a.py", "api/"),
        ("src/shop/a.py", "src/shop/"),
        ("src/a.py", "src/"),
    ],
)
def test_area_of_a_file_is_its_first_telling_folder(path: str, area: str | None) -> None:
    assert find_area(path) == area
