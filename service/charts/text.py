"""Words in a picture: made safe, measured, cut and broken into lines.

No font is at hand on the server, so widths are estimated: the advance widths of DejaVu Sans, the
widest face that the fonts of the pages commonly fall back to, by groups of characters. IBM Plex
Sans and Arial are some 10 to 15 % narrower: text is cut a little early rather than too late.
"""

import unicodedata
from functools import lru_cache

# Widths in em, by DejaVu Sans; a character that is not here has one by its kind.
_WIDTHS = {
    character: width
    for characters, width in (
        ("ijl'", 0.31),
        (" .,|", 0.33),
        ("fIJ:;/\\", 0.37),
        ("rt()[]!-", 0.41),
        ('"s*?z°', 0.53),
        ("cvxyk_L«»", 0.6),
        ("0123456789aebdghnopqu$EFST\u2013€£", 0.64),
        ("ABCKPRVXYZ&", 0.7),
        ("DGHNOQU", 0.79),
        ("+=<>~^#\u00d7÷±", 0.84),
        ("%mwM", 0.98),
        ("@W—…", 1.0),
    )
    for character in characters
}
_OTHER, _CAPITAL, _WIDE = 0.75, 0.8, 1.3
_BOLD = 1.12

# These reorder what is shown around them, or cannot be seen at all.
_HIDDEN = frozenset("\u061c\u200b\u200e\u200f\u2060\ufeff") | {
    chr(c) for c in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
}
_MOST_MARKS = 3  # combining marks upon one letter: more of them only climb over the lines around


def clean(text: str) -> str:
    """Text that XML 1.0 can hold, on one line, without what hides or reorders.

    Control characters become spaces, runs of spaces one; what is no character becomes U+FFFD.
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    out: list[str] = []
    marks = 0
    for character in text:
        kind = unicodedata.category(character)
        marks = marks + 1 if kind in {"Mn", "Me"} else 0
        if character in _HIDDEN or marks > _MOST_MARKS:
            continue
        if kind in {"Cc", "Zl", "Zp"}:
            out.append(" ")
        elif kind == "Cs" or ord(character) & 0xFFFE == 0xFFFE:
            out.append("\ufffd")
        else:
            out.append(character)
    joined = "".join(out)
    # Spaces that do not break stay what they are.
    return " ".join(filter(None, joined.split(" "))).strip() if joined.strip() else ""


def isolated(text: str) -> str:
    """Text for the middle of a sentence: one that runs right to left keeps to itself."""
    text = clean(text)
    turns = any(unicodedata.bidirectional(c) in {"R", "AL", "AN"} for c in text)
    return f"«{text}»" if turns else text


def width(text: str, size: float, *, bold: bool = False) -> float:
    """The estimated width of a text in a font size, in the unit of the size."""
    return sum(map(_em, text)) * size * (_BOLD if bold else 1.0)


@lru_cache(maxsize=4096)
def _em(character: str) -> float:
    known = _WIDTHS.get(character)
    if known is not None:
        return known
    kind = unicodedata.category(character)
    if kind in {"Mn", "Me", "Cf"}:
        return 0.0
    if unicodedata.east_asian_width(character) in "WF" or kind == "So":
        # A ligature as wide as a sentence counts as the letters that it stands for.
        return max(_WIDE, _OTHER * len(unicodedata.normalize("NFKC", character)))
    base = unicodedata.normalize("NFKD", character)
    if len(base) > 1 and base[0] != character:
        return sum(map(_em, base))
    if ord(character) > 0xFFFF:
        return 2 * _WIDE
    return _CAPITAL if kind == "Lu" else _OTHER


def cut(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """The text, or as much of its beginning as has room, with an ellipsis."""
    if width(text, size, bold=bold) <= room:
        return text
    room -= width("…", size, bold=bold)
    end, used = 0, 0.0
    scale = size * (_BOLD if bold else 1.0)
    for end, character in enumerate(text):  # noqa: B007 -- where the loop ends is what counts
        used += _em(character) * scale
        if used > room:
            break
    # Nothing of a composed character stays behind: neither before a mark nor after a joiner.
    while end and (_joins(text[end]) or text[end - 1] == "\u200d"):
        end -= 1
    return f"{text[:end].rstrip()}…"


def _joins(character: str) -> bool:
    return character == "\u200d" or unicodedata.category(character) in {"Mn", "Me"}


def wrap(text: str, room: float, size: float, *, most: int = 99, bold: bool = False) -> list[str]:
    """At most `most` lines of a text, each within the room; the last is cut where it must be."""
    out: list[str] = []
    words = clean(text).split(" ") if clean(text) else []
    while words:
        if len(out) == most - 1:
            out.append(cut(" ".join(words), room, size, bold=bold))
            break
        count = 1
        while count < len(words) and width(" ".join(words[: count + 1]), size, bold=bold) <= room:
            count += 1
        out.append(cut(" ".join(words[:count]), room, size, bold=bold))
        words = words[count:]
    return out
