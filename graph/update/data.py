"""INSERT DATA and DELETE DATA: what they cost goes with what they hold, not with the store."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pyoxigraph import NamedNode, Quad, Store

from graph.query.errors import QuerySyntaxError
from graph.query.spelling import spell
from graph.query.tokens import Token
from graph.update.changes import Changes
from graph.update.operations import Operation
from graph.update.syntax import check, run
from graph.update.terms import check_syntax


@dataclass(frozen=True, slots=True)
class DataChange:
    """Quads to put in or to take out. Blank nodes have the labels that they keep."""

    quads: tuple[Quad, ...]
    insert: bool

    @property
    def targets(self) -> tuple[str | None, ...]:
        """The graphs that the operation names, whatever is in them; None is the default graph."""
        names = dict.fromkeys(quad.graph_name for quad in self.quads)
        return tuple(name.value if isinstance(name, NamedNode) else None for name in names)

    def run(self, changes: Changes) -> None:
        """Carry it out."""
        if self.insert:
            changes.insert(self.quads)
        else:
            changes.delete(self.quads)


def read_data(operation: Operation) -> DataChange:
    """Return what an operation of data holds, read by the engine.

    Raises QuerySyntaxError, and InvalidBody for what RDF 1.1 does not have.
    """
    word, data, *rest = operation.tokens
    insert = word.word == "INSERT"
    _check_constant(rest, insert=insert)
    if insert:
        check_syntax(rest)
    else:
        check(operation)  # what follows reads more than that may say
    scratch = Store()
    # The engine brings literals into the form that it keeps, and gives blank nodes their labels.
    text = spell([word._replace(text="INSERT"), data, *rest]).text
    run(scratch, operation, text)
    return DataChange(tuple(scratch), insert)


def _check_constant(tokens: Sequence[Token], *, insert: bool) -> None:
    name = "INSERT DATA" if insert else "DELETE DATA"
    for token, following in pairwise([*tokens, tokens[-1]] if tokens else []):
        if token.kind == "variable":
            form = "INSERT" if insert else "DELETE"
            message = f"{name} holds no variables; write {form} {{ … }} WHERE {{ … }}"
            raise QuerySyntaxError(token.line, token.column, message)
        if not insert:
            check_no_blanks(token, name)
        if token.text in ("-", "+") and following.kind == "number":
            message = f"no space stands between {token.text} and the number"
            raise QuerySyntaxError(token.line, token.column, message)


def check_no_blanks(token: Token, name: str) -> None:
    """Raise QuerySyntaxError if the token begins a blank node."""
    if token.kind == "blank" or token.text in ("[", "("):
        message = (
            f"{name} holds no blank nodes, since a label in an update is no name of a node that is"
            f" there; write DELETE {{ … }} WHERE {{ … }} with a variable"
        )
        raise QuerySyntaxError(token.line, token.column, message)
