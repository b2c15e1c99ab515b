"""The operations of an update, each by itself with what is declared where it stands.

The engine reads no declarations after the first operation, though SPARQL has them there. So each
operation is given to it alone, spelt out again from its tokens, with the prefixes it uses.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from graph.problems import candidates
from graph.query.checks import admit_update
from graph.query.errors import QuerySyntaxError
from graph.query.iris import Resolver
from graph.query.outline import prefix_of, skip_prologue
from graph.query.tokens import Token
from graph.query.words import FORMS, UPDATES

_DEEPER = {"{": 1, "(": 1, "[": 1, "}": -1, ")": -1, "]": -1}


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `prefixes` are those declared among the ones it uses, by name.

    `predefined` are the names that are declared without the update saying so; `end` is the place
    of what follows the operation.
    """

    tokens: tuple[Token, ...]
    base_iri: str | None
    prefixes: Mapping[str, str]
    predefined: Mapping[str, str]
    end: tuple[int, int]

    @property
    def is_data(self) -> bool:
        """Whether it is INSERT DATA or DELETE DATA."""
        return len(self.tokens) > 1 and self.tokens[1].word == "DATA"

    @property
    def resolver(self) -> Resolver:
        """What makes its IRIs absolute."""
        return Resolver((), self.base_iri, self.prefixes)


def read_operations(
    text: str, base_iri: str | None, predefined: Mapping[str, str]
) -> list[Operation]:
    """Return the operations of an update in order; they have not been seen by the engine yet.

    Raises RemoteAccessRefused, QueryTooDeep, and QuerySyntaxError.
    """
    lexed = admit_update(text)
    tokens = [*_with_signs(lexed.tokens)]
    operations: list[Operation] = []
    declared = _Declared(base_iri, dict(predefined))
    position = 0
    while True:
        start = skip_prologue(tokens, set(), position)
        declared.read(tokens[position:start])
        if start == len(tokens):
            return operations
        _check_first(tokens[start])
        stop = _end(tokens, start)
        following = tokens[stop] if stop < len(tokens) else None
        own = tuple(tokens[start:stop])
        used = {prefix_of(token) for token in own if token.kind == "name"}
        operations.append(
            Operation(
                own,
                declared.base_iri,
                {name: declared.prefixes[name] for name in used if name in declared.prefixes},
                predefined,
                (following.line, following.column) if following else lexed.end,
            )
        )
        position = stop + 1
        if following is None:
            return operations


@dataclass(slots=True)
class _Declared:
    base_iri: str | None
    prefixes: dict[str, str]

    def read(self, prologue: Sequence[Token]) -> None:
        """Take in declarations, each IRI resolved as it stands there."""
        for word, declarations in groupby(_declarations(prologue), lambda found: found[0].word):
            if word == "BASE":
                for _, _, iri in declarations:
                    self.base_iri = self._resolved([iri])[0]
            elif word == "PREFIX":
                names, iris = zip(*((name, iri) for _, name, iri in declarations), strict=True)
                found = zip(map(prefix_of, names), self._resolved(iris), strict=True)
                self.prefixes.update(found)

    def _resolved(self, iris: Sequence[Token]) -> list[str]:
        return Resolver((), self.base_iri, {}).graphs(iris)


def _declarations(prologue: Sequence[Token]) -> Iterator[tuple[Token, Token, Token]]:
    """Give keyword, name and IRI of each; what has no name has its IRI twice."""
    position = 0
    while position < len(prologue):
        length = 3 if prologue[position].word == "PREFIX" else 2
        yield prologue[position], prologue[position + 1], prologue[position + length - 1]
        position += length


def without_signs(tokens: Iterable[Token]) -> Iterator[Token]:
    """Give the tokens with signs apart from numbers, as operators are counted."""
    for token in tokens:
        if token.kind == "number" and token.text[0] in "+-":
            yield token._replace(kind="mark", text=token.text[0])
            yield token._replace(text=token.text[1:])
        else:
            yield token


def _with_signs(tokens: Sequence[Token]) -> Iterator[Token]:
    """Give the tokens; a sign written right before a number is a part of it."""
    position = 0
    while position < len(tokens):
        token = tokens[position]
        following = tokens[position + 1] if position + 1 < len(tokens) else None
        if (
            token.text in ("-", "+")
            and following is not None
            and following.kind == "number"
            and following.offset == token.offset + 1
        ):
            yield token._replace(kind="number", text=token.text + following.text)
            position += 1
        else:
            yield token
        position += 1


def _end(tokens: Sequence[Token], start: int) -> int:
    """Return where the operation that begins at `start` ends: at a semicolon outside of braces."""
    depth = 0
    for position in range(start, len(tokens)):
        text = tokens[position].text
        depth += _DEEPER.get(text, 0)
        if depth == 0 and text == ";":
            return position
    return len(tokens)


def _check_first(token: Token) -> None:
    if token.word in UPDATES:
        return
    if token.word in FORMS:
        message = f"{token.text} begins a query, and this is for updates; send it as query=…"
    else:
        hint = candidates(token.word, UPDATES) if token.word else ""
        message = f"an operation begins with one of {', '.join(sorted(UPDATES))}, not {token.text}"
        message = f"{message}. {hint}".rstrip(". ")
    raise QuerySyntaxError(token.line, token.column, message)
