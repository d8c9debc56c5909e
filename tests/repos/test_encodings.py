import codecs

import pytest

from internflow.repos.chunks import cut_file
from internflow.repos.encodings import decode_file, is_binary, split_lines

RUSSIAN = "# Привет, мир! Это проверка кодировки.\n"
JAPANESE = "これはテストです。日本語の文章\n" * 3


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("é".encode(), "é"),
        ("é".encode("utf-8-sig"), "é"),
        (codecs.BOM_UTF16_LE + "é".encode("utf-16-le"), "é"),
        (codecs.BOM_UTF16_BE + "é".encode("utf-16-be"), "é"),
        (codecs.BOM_UTF32_LE + "é".encode("utf-32-le"), "é"),
        ("# größe über alles\n".encode("cp1252"), "# größe über alles\n"),
        (RUSSIAN.encode("cp1251"), RUSSIAN),
        (JAPANESE.encode("shift_jis"), JAPANESE),
        ("café".encode("latin-1"), "café"),
        (b"a\0b", "a\ufffdb"),
        (b"", ""),
    ],
)
def test_text_is_read_in_the_encoding_it_is_written_in(data: bytes, text: str) -> None:
    assert decode_file("text", data) == text


def test_python_is_read_in_the_encoding_it_declares() -> None:
    text = "#!/usr/bin/python\n# -*- coding: koi8-r -*-\nx = 'Привет'\n"
    assert decode_file("python", text.encode("koi8-r")) == text


@pytest.mark.parametrize("name", ["punycode", "idna", "hex", "no-such", "x" * 400])
def test_a_declared_encoding_that_is_none_of_text_is_ignored(name: str) -> None:
    text = f"# coding: {name}\nx = 'é'\n"
    assert decode_file("python", text.encode()) == text


def test_wide_text_is_no_binary_and_nulls_without_a_mark_are() -> None:
    assert not is_binary("a".encode("utf-16"))
    assert is_binary(b"a\0")


def test_lines_end_as_on_every_system() -> None:
    assert split_lines("a\r\nb\rc\nd") == ["a", "b", "c", "d"]
    assert split_lines("a\r\n\r\nb\u2028c") == ["a", "", "b\u2028c"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_lines_of_a_definition_are_the_same_in_every_encoding(end: str, encoding: str) -> None:
    text = end.join(["x = 'é'", "", "def f():", "    pass", ""])
    chunks = cut_file("a.py", text.encode(encoding)).chunks
    assert [(c.symbol, c.start_line, c.end_line) for c in chunks] == [(None, 1, 1), ("f", 3, 4)]
