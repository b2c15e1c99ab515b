"""Where and what a syntax error of a query is, from what the engine says."""

from collections.abc import Mapping, Sequence

from pyoxigraph import Store

from graph.query.checks import Admitted
from graph.query.complaints import GAP, Complaint, complaint, is_of_engine, place_of, unexpected
from graph.query.errors import QuerySyntaxError
from graph.query.iris import NOT_AN_IRI, Resolver
from graph.query.outline import prefix_of, unknown_prefix
from graph.query.spelling import spell
from graph.query.tokens import Token
from graph.query.words import AGGREGATES


def explain(
    error: SyntaxError, query: Admitted, base_iri: str | None, prefixes: Mapping[str, str]
) -> QuerySyntaxError:
    """Return the error of the engine with the place and the token that are really meant."""
    spelt = spell(query.tokens, GAP)
    try:
        Store().query(spelt.text, base_iri=base_iri, prefixes=dict(prefixes))
    except SyntaxError as repeated:
        error = repeated
    except BaseException as other:
        if is_of_engine(other):
            return QuerySyntaxError(*query.end, str(other))
        raise
    else:
        # Wrong only as it was written: two tokens that the engine does not tell apart.
        return _as_reported(error)
    found = complaint(error, spelt.text, spelt.starts)
    if found is None:
        return QuerySyntaxError(*query.end, str(error))
    if found.index == len(query.tokens):
        return QuerySyntaxError(*query.end, found.worded("the query ends too early"))
    token = query.tokens[found.index]
    resolver = Resolver(query.outline.prologue, base_iri, prefixes)
    message = _name_or_iri(token, found, query, resolver)
    if message is None:
        message = found.worded(unexpected(token)) + _hint(query.tokens, found.index)
    return QuerySyntaxError(token.line, token.column, message)


def _name_or_iri(token: Token, found: Complaint, query: Admitted, resolver: Resolver) -> str | None:
    if token.kind == "name":
        if prefix_of(token) not in query.outline.prefixes | set(resolver.prefixes):
            return unknown_prefix(token, resolver.prefixes).message
        if max(token.text) > "\uffff":
            return f"the engine cannot read the name {token.text}; write it as a full <IRI>"
    # The engine's own remark is often lost behind its attempts at longer keywords.
    if token.kind == "iri" and ("IRI parsing" in found.expected or not resolver.is_iri(token)):
        return NOT_AN_IRI.format(token.text)
    return None


def _hint(tokens: Sequence[Token], index: int) -> str:
    """What may be meant where the engine says least."""
    token = tokens[index]
    if token.kind == "blank":
        return "; a blank node label cannot occur in two groups"
    if token.word in AGGREGATES:
        return "; in SELECT, write it in brackets: (… AS ?name)"
    if token.text == "}" and _has_bind(tokens[:index]):
        return "; perhaps BIND sets a variable that the group has already"
    return ""


def _has_bind(tokens: Sequence[Token]) -> bool:
    """Whether the group that goes on at the end of the tokens has a BIND."""
    depth = 0
    for token in reversed(tokens):
        depth += {"}": 1, "{": -1}.get(token.text, 0)
        if depth < 0:
            return False
        if depth == 0 and token.word == "BIND":
            return True
    return False


def _as_reported(error: SyntaxError) -> QuerySyntaxError:
    place = place_of(error) or (1, 1)
    return QuerySyntaxError(*place, "the engine cannot read the query from here on; add spaces")
