"""The beginning of a query: its declarations, its form, and the graphs that it names."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from graph.problems import candidates
from graph.query.errors import QuerySyntaxError, UpdateRefused
from graph.query.tokens import Token
from graph.query.words import FORMS, UPDATES

_MODIFIERS = frozenset("WHERE GROUP HAVING ORDER LIMIT OFFSET VALUES".split())


@dataclass(frozen=True, slots=True)
class Outline:
    """What a query says before its WHERE.

    `prologue` are the tokens before the form; `default_graphs` and `named_graphs` the IRIs or
    prefixed names after FROM and FROM NAMED; `prefixes` the names that the query declares.
    """

    form: str
    prologue: tuple[Token, ...]
    prefixes: frozenset[str]
    default_graphs: tuple[Token, ...]
    named_graphs: tuple[Token, ...]


def read_outline(
    tokens: Sequence[Token], end: tuple[int, int], predefined: Collection[str]
) -> Outline:
    """Return the outline of a query. `end` is the line and column of the end of the text.

    Raises QuerySyntaxError, and UpdateRefused if it is an update.
    """
    prefixes: set[str] = set()
    position = skip_prologue(tokens, prefixes)
    if position == len(tokens):
        what = "there is no SELECT, CONSTRUCT, ASK or DESCRIBE" if tokens else "the query is empty"
        raise QuerySyntaxError(*end, what)
    form = tokens[position]
    if form.word in UPDATES:
        raise UpdateRefused(
            f"line {form.line}, column {form.column}: {form.word} begins an update, and this is "
            f"for reading only; send an update with POST, as update=… or application/sparql-update"
        )
    if form.word not in FORMS:
        raise _unexpected(form)
    defaults: list[Token] = []
    named: list[Token] = []
    known = prefixes | set(predefined)
    for clause, token in _clauses(tokens, position + 1):
        # Among the names is FROMex:g, in which the engine would find the keyword.
        if token.kind == "name" and prefix_of(token) not in known:
            raise unknown_prefix(token, predefined)
        if clause == "FROM":
            defaults.append(token)
        elif clause == "NAMED":
            named.append(token)
    return Outline(
        form.word, tuple(tokens[:position]), frozenset(prefixes), tuple(defaults), tuple(named)
    )


def prefix_of(name: Token) -> str:
    """Return the prefix of a prefixed name, without the colon."""
    return name.text.partition(":")[0]


def unknown_prefix(name: Token, predefined: Collection[str]) -> QuerySyntaxError:
    """Return the error for a prefixed name whose prefix nobody has declared."""
    prefix = prefix_of(name)
    known = ", ".join(f"{known}:" for known in sorted(predefined)) or "none"
    message = (
        f"the prefix {prefix}: is not declared; write PREFIX {prefix}: <…> first. "
        f"Predefined are: {known}. {candidates(prefix, predefined)}"
    )
    return QuerySyntaxError(name.line, name.column, message.rstrip())


def skip_prologue(tokens: Sequence[Token], prefixes: set[str], position: int = 0) -> int:
    """Return where declarations that begin at `position` end; `prefixes` is given their names.

    Raises QuerySyntaxError.
    """
    while position < len(tokens):
        first, *rest = tokens[position : position + 3]
        kinds = tuple(token.kind for token in rest)
        match first.word:
            case "PREFIX":
                if kinds != ("name", "iri") or not rest[0].text.endswith(":"):
                    raise _malformed(first, "PREFIX name: <IRI>")
                prefixes.add(prefix_of(rest[0]))
                position += 3
            case "BASE":
                if kinds[:1] != ("iri",):
                    raise _malformed(first, "BASE <IRI>")
                position += 2
            case "VERSION":
                if kinds[:1] != ("string",):
                    raise _malformed(first, 'VERSION "1.1"')
                position += 2
            case _:
                break
    return position


def _clauses(tokens: Sequence[Token], position: int) -> Iterator[tuple[str, Token]]:
    """Give each name before the WHERE, with FROM or NAMED for that of a graph."""
    position = _after_template(tokens, position)
    depth = 0
    while position < len(tokens):
        token = tokens[position]
        if depth == 0 and (token.text == "{" or token.word in _MODIFIERS):
            return
        if token.kind == "mark":
            depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(token.text, 0)
        elif depth == 0 and token.word == "FROM":
            following = tokens[position + 1 : position + 3]
            named = bool(following) and following[0].word == "NAMED"
            graph = following[named] if len(following) > named else None
            if graph is None or graph.kind not in ("iri", "name"):
                raise _malformed(token, "FROM <IRI>, or FROM NAMED <IRI>")
            yield "NAMED" if named else "FROM", graph
            position += 1 + named
        elif depth == 0 and token.kind == "name":
            yield "", token
        position += 1


def _after_template(tokens: Sequence[Token], position: int) -> int:
    """Return where a query goes on after the template of CONSTRUCT, if there is one here."""
    if tokens[position - 1].word != "CONSTRUCT" or position == len(tokens):
        return position
    if tokens[position].text != "{":
        return position
    depth = 0
    for index in range(position, len(tokens)):
        depth += {"{": 1, "}": -1}.get(tokens[index].text, 0)
        if depth == 0:
            return index + 1
    return len(tokens)


def _unexpected(token: Token) -> QuerySyntaxError:
    hint = candidates(token.word, FORMS | UPDATES) if token.word else ""
    message = f"a query begins with SELECT, CONSTRUCT, ASK or DESCRIBE, not {token.text}. {hint}"
    return QuerySyntaxError(token.line, token.column, message.rstrip(". "))


def _malformed(token: Token, expected: str) -> QuerySyntaxError:
    return QuerySyntaxError(token.line, token.column, f"expected here: {expected}")
