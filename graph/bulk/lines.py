"""Which lines of N-Quads a release may hold as they are.

Nearly every line has a form that is plainly the one the engine writes: one pattern knows it, for a
million lines a second. Any other line is read and written by the engine, which decides.
"""

import re

from pyoxigraph import RdfFormat, parse

from graph.release import StatementRefused, content_id

_PART = rb"[A-Za-z0-9._~/+=:@&-]*+"
_IRI = (
    rb"<https?://[A-Za-z0-9.-]++(?:/"
    + _PART
    + rb")?+(?:\?"
    + _PART
    + rb")?+(?:#[A-Za-z0-9._~/+=:@-]*+)?+>"
)
# U+FFFE and U+FFFF, which no XML may hold, are written as escapes.
_AS_IS = rb'[^"\\\x00-\x1f\x7f\xef]*+'
_TEXT = rb'"' + _AS_IS + rb"(?:\xef(?!\xbf[\xbe\xbf])" + _AS_IS + rb')*+"'
_XSD = rb"\^\^<http://www\.w3\.org/2001/XMLSchema#"
# Types whose every text of this form the engine keeps; it has 64 bits for an integer and 18 digits
# after the point for a decimal.
_NUMBER = (
    rb'"(?:0|-?[1-9][0-9]{0,16})"' + _XSD + rb"integer>"
    rb'|"-?(?:0|[1-9][0-9]{0,15})\.[0-9]{0,15}[1-9]"' + _XSD + rb"decimal>"
    rb'|"(?:0|-?[1-9][0-9]{0,15})"' + _XSD + rb"decimal>"
)
_DAY = (
    rb'"[12][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"' + _XSD + rb"date>"
    rb'|"[12][0-9]{3}-(?:0[1-9]|1[0-2])"' + _XSD + rb"gYearMonth>"
    rb'|"[12][0-9]{3}"' + _XSD + rb"gYear>"
    rb'|"(?:true|false)"' + _XSD + rb"boolean>"
)
_LITERAL = rb"(?:" + _NUMBER + rb"|" + _DAY + rb"|" + _TEXT + rb"(?:@[a-z]{2,3}+)?+)"
_PLAIN = re.compile(
    rb"(?:"
    + _IRI
    + rb" "
    + _IRI
    + rb" (?:"
    + _IRI
    + rb"|"
    + _LITERAL
    + rb") "
    + _IRI
    + rb" \.\n)*+"
)


def first_unfit(block: bytes) -> tuple[int, str] | None:
    """Return the first line of the block that no release may hold, counted from 0, and why.

    The block has whole lines, each with its line feed. None: all of them fit.
    """
    place = 0
    while (place := _plain_until(block, place)) < len(block):
        end = block.index(b"\n", place) + 1
        if reason := unfit(block[place:end]):
            return block.count(b"\n", 0, place), reason
        place = end
    return None


def unfit(line: bytes) -> str:
    """Return why a release may not hold the line, as the engine has it; empty when it may."""
    if line.strip() == b"" or line.lstrip().startswith(b"#"):
        return "it is no statement; leave out empty lines and comments"
    try:
        quads = list(parse(line, format=RdfFormat.N_QUADS))
        _, written = content_id(quads)
    except SyntaxError as error:
        return f"it is no N-Quads ({error.msg})"
    except StatementRefused as error:
        return str(error)
    if [text.encode() + b"\n" for text in written] != [line]:
        shown = written[0] if written else ""
        return f"it is not in canonical form; write it as {shown}"
    return ""


def _plain_until(block: bytes, start: int) -> int:
    found = _PLAIN.match(block, start)
    assert found is not None
    return found.end()
