"""Makes every character of hostile text visible: none moves the cursor, hides, or turns the reading direction."""

import unicodedata

KEPT = frozenset("\n\t")


def show_controls(text: str) -> str:
    r"""The text with control, format and separator characters written as escapes (\x1b, \u202e); \n and \t stay."""
    return "".join(c if c in KEPT else _show(c) for c in text.replace("\r\n", "\n"))


def show_line(text: str) -> str:
    r"""As `show_controls`, on one line: line feeds and tabs are written as escapes, too."""
    return "".join(map(_show, text))


def _show(character: str) -> str:
    if character.isprintable():
        return character
    # Joiners shape many scripts and emoji, and move nothing.
    if character in "\u200c\u200d" or unicodedata.category(character) == "Zs":
        return character
    return character.encode("unicode_escape").decode("ascii")
