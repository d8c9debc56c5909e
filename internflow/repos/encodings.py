"""Text of a file's bytes: byte order marks, Python's cookie, UTF-8, a guess, Latin-1; and its lines. Pure."""

import codecs
import re

from charset_normalizer import from_bytes
from charset_normalizer.constant import IANA_SUPPORTED

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
WIDE = ("utf_16", "utf_16_be", "utf_16_le", "utf_32", "utf_32_be", "utf_32_le", "utf_7")
SAMPLE_BYTES = 8_192
FEWEST_BYTES = 6  # fewer bytes outside ASCII fit nearly every encoding

_cookie = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_not_ascii = re.compile(rb"[\x80-\xff]")


def is_binary(data: bytes) -> bool:
    """Whether bytes are no text: they hold a null and no mark of a wide encoding."""
    return b"\0" in data[:8000] and not data.startswith(tuple(mark for mark, _ in MARKS))


def decode_file(language: str, data: bytes) -> str:
    """Text of a file's bytes, without byte order mark and what Postgres cannot hold; never fails."""
    return _decode(language, data).replace("\x00", "\ufffd")


def split_lines(text: str) -> list[str]:
    """Lines without their ends, which may be those of Unix, Windows or old Macs."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _decode(language: str, data: bytes) -> str:
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    declared = _find_cookie(data) if language == "python" else None
    for known in (declared, "utf-8"):
        if known and (text := _try(data, known)) is not None:
            return text
    guess = _guess(data)
    guessed = _try(data, guess) if guess else None
    return data.decode("latin-1") if guessed is None else guessed


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _find_cookie(data: bytes) -> str | None:
    """The encoding that Python source declares in its first two lines (PEP 263)."""
    for line in data[:1000].splitlines()[:2]:
        found = _cookie.match(line)
        if found is None:
            if line.strip() and not line.lstrip().startswith(b"#"):
                break
            continue
        try:
            name = codecs.lookup(found[1].decode("latin-1")).name.replace("-", "_")
        except (LookupError, ValueError):
            return None
        # Others are no encodings of text, or take quadratic time.
        return name if name in IANA_SUPPORTED or name == "iso8859_1" else None
    return None


def _guess(data: bytes) -> str | None:
    """What charset-normalizer makes of the lines that are not ASCII; of equal guesses the Western one."""
    sample = b""
    for line in data.split(b"\n"):
        if len(sample) >= SAMPLE_BYTES:
            break
        if _not_ascii.search(line[:SAMPLE_BYTES]):
            sample += line[:SAMPLE_BYTES] + b"\n"
    if len(_not_ascii.findall(sample)) < FEWEST_BYTES:
        return None
    guesses = list(from_bytes(sample, cp_exclusion=list(WIDE)))
    if not guesses:
        return None
    best = guesses[0]
    is_tied = any(
        "cp1252" in g.could_be_from_charset
        and (g.chaos, g.coherence) == (best.chaos, best.coherence)
        for g in guesses
    )
    return "cp1252" if is_tied else best.encoding
