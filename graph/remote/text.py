"""A query as a database is sent it: respelt from its tokens, complete in itself.

Only what our lexer told apart and the embedded engine parsed is sent. There are no comments in it,
in which some engines look for commands, no prefix or base that only we know, and no codepoint
escapes: those have two readings (graph.query.escapes), and which one an engine takes is not known.
The dataset is written into it, in the place of its own: Virtuoso says each graph of the protocol's
parameters again in a header of its answer, and no client reads so many.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from graph.query.checks import Admitted
from graph.query.errors import QuerySyntaxError
from graph.query.escapes import unescaped
from graph.query.iris import Resolver
from graph.query.outline import prefix_of
from graph.query.spelling import spell
from graph.query.tokens import Token

# Engines take names of other schemes for functions, files and programs: `java:`, `bif:`, `tag:`.
_SCHEMES = frozenset("http https urn mailto tel info doi ark geo data".split())
_SCHEME = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]*):")
_NOT_IN_IRI = re.compile(r'[<>"{}|^`\\\x00-\x20]')
#: What stands in a string as an escape only; quotes of either kind may be those around it.
_ESCAPED = {'"': r"\"", "'": r"\'", "\\": r"\\", "\n": r"\n", "\r": r"\r"}


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs that a query is asked of, by IRI; neither is empty."""

    default: Sequence[str]
    named: Sequence[str]

    def __str__(self) -> str:
        clauses = [f"FROM <{iri}>" for iri in self.default]
        return " ".join([*clauses, *(f"FROM NAMED <{iri}>" for iri in self.named)])


def sendable(
    query: Admitted, base_iri: str | None, prefixes: Mapping[str, str], dataset: Dataset
) -> "Sendable":
    """Return the query in parts, to be asked of a dataset.

    Raises QuerySyntaxError for a name of a scheme that is refused, and for U+0000, at which some
    engines end what they read.
    """
    tokens = [_without_escapes(token) for token in query.tokens]
    for token in _outside_of_values(tokens):
        found = _SCHEME.match(token.text) if token.kind == "iri" else None
        if found and found[1].lower() not in _SCHEMES:
            raise QuerySyntaxError(
                token.line,
                token.column,
                f"names that begin with {found[1]}: are not sent to the database behind this "
                f"service; it takes {', '.join(sorted(_SCHEMES))}",
            )
    used = {prefix_of(token) for token in tokens if token.kind == "name"}
    declared = query.outline.prefixes
    lines = [f"BASE <{base_iri}>"] if base_iri else []
    lines += [f"PREFIX {p}: <{prefixes[p]}>" for p in sorted(used - declared) if p in prefixes]
    start = len(query.outline.prologue)
    prologue = "\n".join([*lines, spell(tokens[:start]).text])
    return Sendable(prologue, _without_datasets(query, tokens[start:]), declared, dataset)


def _without_escapes(token: Token) -> Token:
    """The token with each codepoint escape replaced by what it stands for. Raises QuerySyntaxError.

    The rest of its escapes mean the same to everybody (SPARQL 1.1, 19.7).
    """
    if token.kind not in ("iri", "string"):
        return token
    found = unescaped(token.text, lambda letter: _ESCAPED.get(letter, letter))
    if "\0" in found:
        message = "the character U+0000 is not sent to the database behind this service"
        raise QuerySyntaxError(token.line, token.column, message)
    if token.kind == "iri" and _NOT_IN_IRI.search(found, 1, len(found) - 1):
        message = "this IRI has an escape for a character that no IRI has"
        raise QuerySyntaxError(token.line, token.column, message)
    return token._replace(text=found)


def _outside_of_values(tokens: Sequence[Token]) -> Iterator[Token]:
    """The tokens but for those in the braces of VALUES, which are data whatever they are called."""
    values = False
    for token in tokens:
        values = token.word == "VALUES" or (values and token.text != "}")
        if not values:
            yield token


@dataclass(frozen=True, slots=True)
class Sendable:
    """The prologue of a query, its tokens from the form on without FROM, and its dataset."""

    prologue: str
    tokens: Sequence[Token]
    declared: Collection[str]
    dataset: Dataset

    @property
    def form(self) -> str:
        """SELECT, ASK, CONSTRUCT or DESCRIBE."""
        return self.tokens[0].word

    def namespaces(self, resolver: Resolver) -> dict[str, str]:
        """The namespaces of the prefixes that the query itself declares."""
        return resolver.namespaces(self.declared)

    @property
    def text(self) -> str:
        """The query as it is."""
        begin = self._pattern()
        before, after = spell(self.tokens[:begin]).text, spell(self.tokens[begin:]).text
        return f"{self.prologue}\n{before}{self.dataset} {after}"

    @property
    def solutions(self) -> str:
        """A query that counts the solutions of a CONSTRUCT."""
        where = self.tokens[self._pattern() :]
        return self.counting(f"SELECT * {spell(where).text}")

    @property
    def rows(self) -> str:
        """A query that counts the rows of a SELECT."""
        return self.counting(spell(self.tokens).text)

    def described(self) -> tuple[Sequence[Token], tuple[str, str] | None]:
        """The resources that a DESCRIBE names; a query for those that its variables have, and one
        that counts its rows.
        """
        begin = self._pattern()
        targets = [t for t in self.tokens[1:begin] if t.kind in ("iri", "name", "variable")]
        every = any(t.text == "*" for t in self.tokens[1:begin])
        variables = ["*"] if every else [t.text for t in targets if t.kind == "variable"]
        names = [t for t in targets if t.kind != "variable"]
        if not variables or begin == len(self.tokens):
            return names, None
        pattern = spell(self.tokens[begin:]).text
        form = f"SELECT DISTINCT {' '.join(variables)}"
        query = f"{self.prologue}\n{form} {self.dataset} {pattern}"
        return names, (query, self.counting(f"{form} {pattern}"))

    def counting(self, query: str) -> str:
        """A query for ?n, the number of rows of a query without prologue and dataset."""
        return f"{self.prologue}\nSELECT (COUNT(*) AS ?n) {self.dataset} {{ {{ {query} }} }}"

    def _pattern(self) -> int:
        """Where the WHERE or its group begins; the end, where there is none."""
        tokens, depth = self.tokens, 0
        template = tokens[0].word == "CONSTRUCT" and len(tokens) > 1 and tokens[1].text == "{"
        for index, token in enumerate(tokens):
            if depth == 0 and (token.word == "WHERE" or (token.text == "{" and not template)):
                return index
            depth += {"{": 1, "}": -1}.get(token.text, 0)
            if template and token.text == "}" and depth == 0:
                template = False
        return len(tokens)


def _without_datasets(query: Admitted, tokens: Sequence[Token]) -> Sequence[Token]:
    graphs: Collection[int] = {
        token.offset for token in (*query.outline.default_graphs, *query.outline.named_graphs)
    }
    kept: list[Token] = []
    for token in tokens:
        if token.offset in graphs:
            while kept and kept[-1].word in ("NAMED", "FROM"):
                kept.pop()
        else:
            kept.append(token)
    return kept
