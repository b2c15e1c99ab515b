"""Terms of a database, in the form in which the embedded engine gives them."""

import json
import re
from functools import lru_cache

from pyoxigraph import Literal, NamedNode, Quad, Store

from graph.remote.errors import RemoteError
from graph.remote.rows import TERM, Term

_XSD = "http://www.w3.org/2001/XMLSchema#"
_INTEGER = _XSD + "integer"
_LITERALS = ("literal", "typed-literal")  # the second one is of a draft, and still met
_ANY = NamedNode("urn:therascape:any")
_AS_IT_IS = re.compile(r"0|-?[1-9][0-9]{0,17}", re.ASCII)
#: So are most numbers, which need not be taken apart to see it.
_DATATYPE_AS_IT_IS = re.compile(rb'"datatype"[ ]*+:[ ]*+"%b"' % re.escape(_INTEGER.encode()))
_VALUE_AS_IT_IS = re.compile(rb'"value"[ ]*+:[ ]*+"(?:%b)"' % _AS_IT_IS.pattern.encode())
_NOT_IN_NAME = re.compile(r"[^A-Za-z0-9]")
_LONGEST_KEPT = 200  # bytes of a term
_MOST_KEPT = 20_000


def normal(term: Term) -> Term:
    """A term of SPARQL JSON, with a literal of XML Schema written as the embedded engine does, and
    a blank node with a name that every format can hold. Raises RemoteError.
    """
    kind, datatype = term.get("type"), term.get("datatype", "")
    if kind == "bnode":
        return {"type": "bnode", "value": _name(str(term["value"]))}
    if kind not in _LITERALS or not datatype.startswith(_XSD):
        return term
    value, datatype = _normal(str(term["value"]), datatype)
    return {"type": "literal", "value": value, "datatype": datatype}


def normal_literal(literal: Literal) -> Literal:
    """A literal as the embedded engine writes it. Raises RemoteError."""
    datatype = literal.datatype.value
    if literal.language is not None or not datatype.startswith(_XSD):
        return literal
    value, kept = _normal(literal.value, datatype)
    if (value, kept) == (literal.value, datatype):
        return literal
    return Literal(value, datatype=NamedNode(kept))


class NormalRows:
    """The rows of one result in SPARQL JSON with normal terms. It keeps short terms for a while."""

    def __init__(self) -> None:
        self._known: dict[bytes, bytes] = {}

    def row(self, row: bytes) -> bytes:
        """The row with normal terms. Raises RemoteError."""
        return TERM.sub(lambda found: self._term(found[0]), row) if _may_change(row) else row

    def _term(self, term: bytes) -> bytes:
        if not _may_change(term):
            return term
        if _VALUE_AS_IT_IS.search(term) and _DATATYPE_AS_IT_IS.search(term):
            return term
        if len(term) > _LONGEST_KEPT:
            return _normal_text(term)
        if (text := self._known.get(term)) is None:
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            text = self._known[term] = _normal_text(term)
        return text


def _may_change(text: bytes) -> bool:
    return b"XMLSchema" in text or b"bnode" in text


def _normal_text(term: bytes) -> bytes:
    """The text of a term; what is none is left to who reads it."""
    try:
        found = json.loads(term)
    except ValueError:
        return term
    if "value" not in found or not all(isinstance(text, str) for text in found.values()):
        return term
    kept = normal(found)
    if kept is found:
        return term
    return json.dumps(kept, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _name(name: str) -> str:
    """Another one for each name."""
    return "b" + _NOT_IN_NAME.sub(lambda found: f"_{ord(found[0]):x}_", name)


def _normal(value: str, datatype: str) -> tuple[str, str]:
    if datatype == _INTEGER and _AS_IT_IS.fullmatch(value):
        return value, datatype
    # What is kept is kept for all answers, so it must be short.
    return (_kept if len(value) <= _LONGEST_KEPT else _of_engine)(value, datatype)


def _of_engine(value: str, datatype: str) -> tuple[str, str]:
    store = Store()
    try:
        store.add(Quad(_ANY, _ANY, Literal(value, datatype=NamedNode(datatype))))
    except ValueError as error:
        raise RemoteError(f"the database's answer has a term that there is not: {error}") from None
    kept = next(iter(store)).object
    assert isinstance(kept, Literal)
    return kept.value, kept.datatype.value


_kept = lru_cache(maxsize=_MOST_KEPT)(_of_engine)
