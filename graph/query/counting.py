"""The first questions of whoever meets a store, answered from what was counted when it was made.

How many triples there are, which classes, and how many things of each: for these the engine reads
all of it. A query of exactly such a form is replaced by one that has the solutions written in it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from graph.query.tokens import Token
from ontology.namespaces import RDF

_MOST_TOKENS = 60
_A = rf"(?:a|{re.escape(str(RDF.type))})"
_ORDER = r"ORDER BY(?: (?:(?:ASC|DESC) \( \?[^ ]+ \)|\?[^ ]+))+"
_SLICE = r" LIMIT [0-9]+(?: OFFSET [0-9]+)?| OFFSET [0-9]+(?: LIMIT [0-9]+)?"
_REST = rf"(?P<rest>(?: {_ORDER})?(?:{_SLICE})?)"
_COUNT = (
    r"\( COUNT \( (?:\*|(?P<distinct>DISTINCT )?\?(?P<counted>[^ ]+)) \) AS \?(?P<number>[^ ]+) \)"
)
_THINGS = rf"(?:WHERE )?\{{ \?(?P<thing>[^ ]+) {_A} \?(?P<class>[^ ]+) (?:\. )?\}}"
_TRIPLES = re.compile(
    rf"SELECT {_COUNT} (?:WHERE )?"
    rf"\{{ \?(?P<s>[^ ]+) \?(?P<p>[^ ]+) \?(?P<o>[^ ]+) (?:\. )?\}}{_REST}"
)
_OF_CLASSES = tuple(
    re.compile(rf"SELECT {first} {second} {_THINGS} GROUP BY \?(?P=class){_REST}")
    for first, second in ((r"\?(?P<group>[^ ]+)", _COUNT), (_COUNT, r"\?(?P<group>[^ ]+)"))
)
_CLASSES = re.compile(rf"SELECT DISTINCT \?(?P<group>[^ ]+) {_THINGS}{_REST}")


@dataclass(frozen=True, slots=True)
class Counted:
    """The triples of a default graph, and how many things are of each class, by its IRI."""

    triples: int
    classes: Mapping[str, int]


def from_counts(tokens: Sequence[Token], counted: Counted) -> str | None:
    """Return a query with the same solutions that reads nothing; None where there is none.

    `tokens` are those of a query without its prologue that asks the whole default graph.
    """
    if len(tokens) > _MOST_TOKENS:
        return None
    text = " ".join(map(_spelt, tokens))
    if found := _TRIPLES.fullmatch(text):
        return _number_of_triples(found, counted)
    for form in _OF_CLASSES:
        if found := form.fullmatch(text):
            return _number_by_class(found, counted)
    if found := _CLASSES.fullmatch(text):
        return _classes(found, counted)
    return None


def _spelt(token: Token) -> str:
    if token.kind == "variable":
        return f"?{token.text[1:]}"
    return token.text if token.text == "a" else token.word or token.text


def _number_of_triples(found: re.Match[str], counted: Counted) -> str | None:
    inside, number = found.group("s", "p", "o"), found["number"]
    # What is counted must be distinct already: all that a variable of one pattern has is not.
    fits = found["distinct"] is None and found["counted"] in (None, *inside)
    if not fits or len({*inside, number}) < 4 or not _sorted_by(found, number):
        return None
    return f"SELECT ?{number} {{ VALUES ?{number} {{ {counted.triples} }} }}{found['rest']}"


def _number_by_class(found: re.Match[str], counted: Counted) -> str | None:
    thing, class_, number = found.group("thing", "class", "number")
    # A triple is there once, and so is a thing in a class.
    fits = found["counted"] in (None, thing) or (
        found["counted"] == class_ and not found["distinct"]
    )
    if not fits or found["group"] != class_ or len({thing, class_, number}) < 3:
        return None
    if not _sorted_by(found, class_, number):
        return None
    named = found.group("group", "number")
    shown = named if found.start("group") < found.start("number") else named[::-1]
    rows = " ".join(f"(<{iri}> {many})" for iri, many in counted.classes.items())
    return (
        f"SELECT {' '.join(f'?{name}' for name in shown)} "
        f"{{ VALUES (?{class_} ?{number}) {{ {rows} }} }}{found['rest']}"
    )


def _classes(found: re.Match[str], counted: Counted) -> str | None:
    class_ = found["class"]
    if found["group"] != class_ or found["thing"] == class_ or not _sorted_by(found, class_):
        return None
    rows = " ".join(f"<{iri}>" for iri in counted.classes)
    return f"SELECT ?{class_} {{ VALUES ?{class_} {{ {rows} }} }}{found['rest']}"


def _sorted_by(found: re.Match[str], *names: str) -> bool:
    """Whether the solutions are sorted by these alone."""
    return {*_named(found["rest"])} <= {*names}


def _named(text: str) -> Iterator[str]:
    return (word[1:] for word in text.split(" ") if word.startswith("?"))
