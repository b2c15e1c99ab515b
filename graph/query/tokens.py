"""What a token is, and how each kind is spelt: SPARQL 1.1, section 19.8, terminals."""

import re
from typing import Literal, NamedTuple

Kind = Literal[
    "iri", "name", "blank", "variable", "string", "language", "number", "word", "mark"
]  # `name` is a prefixed name, `blank` a blank node label, `word` a keyword, `mark` punctuation


class Token(NamedTuple):
    """A token. Line and column count code points from 1, `offset` from 0."""

    kind: Kind
    text: str
    offset: int
    line: int
    column: int

    @property
    def word(self) -> str:
        """The keyword in capitals; empty for a token that is none."""
        return self.text.upper() if self.kind == "word" else ""


class Places:
    """Lines and columns, from 1, of offsets that never get smaller."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._line, self._start, self._counted = 1, 0, 0

    def of(self, offset: int) -> tuple[int, int]:
        """Return line and column of an offset."""
        if lines := self._text.count("\n", self._counted, offset):
            self._line += lines
            self._start = self._text.rindex("\n", self._counted, offset) + 1
        self._counted = offset
        return self._line, offset - self._start + 1


_BASE = (
    r"A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D"
    r"\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_CHARS = rf"{_BASE}_0-9\u00B7\u0300-\u036F\u203F-\u2040\-"
_PLX = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_UCHAR = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_ESCAPE = rf"\\[tbnrf\"'\\]|{_UCHAR}"

SKIPPED = re.compile(r"(?:[ \t\r\n]+|#[^\r\n]*)*+")
# A prefix has a longest length, so that a run of letters and dots is not read again from each.
TOKEN = re.compile(
    rf"""
      (?P<iri>      <(?:[^<>"{{}}|^`\\\x00-\x20]++|{_UCHAR})*+> )
    | (?P<name>     (?:[{_BASE}](?:[{_CHARS}.]{{0,100}}[{_CHARS}])?)?:
                    (?:(?:[{_BASE}_0-9:]|{_PLX})
                    (?:(?:[{_CHARS}.:]|{_PLX})*(?:[{_CHARS}:]|{_PLX}))?)? )
    | (?P<blank>    _:[{_BASE}_0-9](?:[{_CHARS}.]*[{_CHARS}])? )
    | (?P<variable> [?$][{_BASE}_0-9][{_BASE}_0-9\u00B7\u0300-\u036F\u203F-\u2040]* )
    | (?P<language> @[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[A-Za-z]+)? )
    | (?P<number>   (?:[0-9]+\.?[0-9]*|\.[0-9]+)[eE][+-]?[0-9]+ | [0-9]*\.[0-9]+ | [0-9]+ )
    | (?P<word>     [A-Za-z_][A-Za-z0-9_]* )
    | (?P<mark>     \^\^ | && | \|\| | [!<>]= | \{{\| | \|\}} | <<
                    | [{{}}()\[\];,.=<>+\-*/|^!?~] )
    """,
    re.VERBOSE,
)
STRINGS = {
    quotes: re.compile(pattern, re.DOTALL)
    for quotes, pattern in {
        # Not possessive outside: early 3.11 loses its way in that. The parts exclude each other, so
        # going back over them is linear.
        '"""': rf'"""(?:[^"\\]++|"(?!"")|{_ESCAPE})*"""',
        "'''": rf"'''(?:[^'\\]++|'(?!'')|{_ESCAPE})*'''",
        '"': rf'"(?:[^"\\\r\n]++|{_ESCAPE})*+"',
        "'": rf"'(?:[^'\\\r\n]++|{_ESCAPE})*+'",
    }.items()
}
