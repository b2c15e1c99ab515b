"""Texts as a cell of Excel can have them, and numbers as it keeps them."""

import re
from dataclasses import dataclass
from decimal import Decimal

MOST_CHARACTERS = 32_767
"""Of a cell, in UTF-16 code units (Excel specifications and limits)."""

SIGNIFICANT = 15
"""Digits of a number that Excel keeps."""

# What XML 1.0 has no place for (2.2): control characters, surrogates, U+FFFE and U+FFFF.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_ENDS = re.compile(r"\r\n?")
# Spreadsheets take these for the beginning of a formula, full-width forms and any space before.
_FORMULA = re.compile(r"[\t\r\n]|[\s\u200b-\u200f\u2060\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]")
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Text:
    """A text for a cell. `quoted`: the cell is to be marked as text, or it might be calculated.

    `replaced` says that characters were, which XML cannot have; `cut` that it was too long.
    """

    text: str
    quoted: bool
    replaced: bool
    cut: bool


def text_cell(text: str) -> Text:
    """A text as a cell can have it."""
    legal, replaced = _ILLEGAL.subn("\N{REPLACEMENT CHARACTER}", text)
    quoted = _FORMULA.match(legal) is not None
    plain = _LINE_ENDS.sub("\n", legal)  # an XML reader would make of them the same (2.11)
    cut = _units(plain) > MOST_CHARACTERS
    return Text(_shortened(plain) if cut else plain, quoted, replaced > 0, cut)


def is_exact(number: Decimal | int) -> bool:
    """Whether Excel keeps every digit of a number."""
    return len(Decimal(number).normalize().as_tuple().digits) <= SIGNIFICANT


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _shortened(text: str) -> str:
    most = 2 * (MOST_CHARACTERS - 1)
    # Half of a surrogate pair at the end is dropped.
    return text.encode("utf-16-le")[:most].decode("utf-16-le", "ignore") + _ELLIPSIS
