"""DELETE and INSERT with WHERE: read from the tokens of an operation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graph.query.errors import QueryTooDeep
from graph.query.nesting import check_nesting
from graph.query.tokens import Token
from graph.update.data import check_no_blanks
from graph.update.operations import Operation, without_signs
from graph.update.terms import check_syntax

#: Each variable after GRAPH in a template costs the WHERE as much as two BIND.
MAX_GRAPH_VARIABLES = 200
_DEEPER = {"{": 1, "}": -1}


@dataclass(frozen=True, slots=True)
class Part:
    """Triples of a template that go to one graph.

    `graph` is the token after GRAPH, a variable or the name of a graph; None if there is none.
    """

    graph: Token | None
    triples: tuple[Token, ...]

    @property
    def variable(self) -> str | None:
        """The variable that names the graph, if one does."""
        return self.graph.text if self.graph and self.graph.kind == "variable" else None


@dataclass(frozen=True, slots=True)
class Pattern:
    """An operation with WHERE, in parts. DELETE WHERE has its pattern twice.

    `using` and `using_named` are the names of graphs in its clauses, `clauses` the first token of
    each clause; `where` is the group with its braces.
    """

    operation: Operation
    graph: Token | None
    delete: tuple[Part, ...]
    insert: tuple[Part, ...]
    using: tuple[Token, ...]
    using_named: tuple[Token, ...]
    clauses: tuple[Token, ...]
    where: tuple[Token, ...]


def read_pattern(operation: Operation) -> Pattern:
    """Return the parts of an operation that the engine has read already.

    Raises InvalidBody for what RDF 1.1 does not have, and QueryTooDeep.
    """
    tokens = operation.tokens
    if tokens[1].word == "WHERE":
        where = tokens[2:]
        check_nesting(without_signs(where))
        parts = _parts(where)
        return Pattern(operation, None, parts, (), (), (), (), where)
    position = 0
    graph = None
    clauses: list[Token] = []
    if tokens[0].word == "WITH":
        graph, position = tokens[1], 2
        clauses.append(tokens[0])
    templates: dict[str, tuple[Part, ...]] = {"DELETE": (), "INSERT": ()}
    while (word := tokens[position].word) in templates:
        end = _closing(tokens, position + 1)
        template = tokens[position + 1 : end + 1]
        if word == "INSERT":
            check_syntax(template)
        templates[word] = _parts(template)
        position = end + 1
    using: dict[bool, list[Token]] = {False: [], True: []}
    while tokens[position].word == "USING":
        clauses.append(tokens[position])
        named = tokens[position + 1].word == "NAMED"
        using[named].append(tokens[position + 1 + named])
        position += 2 + named
    where = tokens[position + 1 :]
    check_nesting(without_signs(where))
    return Pattern(
        operation,
        graph,
        templates["DELETE"],
        templates["INSERT"],
        tuple(using[False]),
        tuple(using[True]),
        tuple(clauses),
        where,
    )


def check_templates(operation: Operation) -> None:
    """Raise QuerySyntaxError for a blank node in what is to be deleted."""
    tokens = operation.tokens
    start = next((i for i, token in enumerate(tokens) if token.text == "{"), len(tokens))
    before = tokens[start - 1].word if start else ""
    if before == "DELETE" or (before == "WHERE" and start == 2):
        name = "DELETE WHERE" if before == "WHERE" else "the template of DELETE"
        for token in tokens[start : _closing(tokens, start)]:
            check_no_blanks(token, name)


def _parts(group: Sequence[Token]) -> tuple[Part, ...]:
    """Return the parts of a template in braces."""
    found: list[Part] = []
    start = position = 1
    while position < len(group) - 1:
        if group[position].word != "GRAPH":
            position += 1
            continue
        found.append(Part(None, _triples(group[start:position])))
        end = _closing(group, position + 2)
        found.append(Part(group[position + 1], _triples(group[position + 3 : end])))
        start = position = end + 1
    found.append(Part(None, _triples(group[start:-1])))
    _check_variables(found)
    return tuple(part for part in found if part.graph or part.triples)


def _check_variables(parts: Iterable[Part]) -> None:
    seen: set[str] = set()
    for part in parts:
        if part.graph and part.variable:
            seen.add(part.variable)
            if len(seen) > MAX_GRAPH_VARIABLES:
                message = f"{MAX_GRAPH_VARIABLES} variables after GRAPH are the limit in a template"
                raise QueryTooDeep(part.graph.line, part.graph.column, message)


def _triples(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """The tokens without the dot that may end the graph before them."""
    return tuple(tokens[1:] if tokens and tokens[0].text == "." else tokens)


def _closing(tokens: Sequence[Token], start: int) -> int:
    """Return where the brace at `start` is closed; the end, if it is not."""
    depth = 0
    for position in range(start, len(tokens)):
        depth += _DEEPER.get(tokens[position].text, 0)
        if depth == 0:
            return position
    return len(tokens)
