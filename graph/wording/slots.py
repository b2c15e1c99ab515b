"""Fills the slots of a pattern from the words of a text: entities, choices, dates, numbers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from graph.landscape import Named, Parameter
from graph.search import Hit
from graph.wording.dates import date_at, day_after, day_before
from graph.wording.grammar import Grammar, Phrase, Slot, phrase
from graph.wording.tokens import Token, folded, tokens
from graph.wording.understanding import Names

_CHANGES = {"": lambda date: date, "before": day_before, "after": day_after}
_TYPED = ("concept", "segment")
"""Kinds with lists of things that have nothing in common; a slot takes from some lists only."""


@dataclass(frozen=True, slots=True)
class Value:
    """What one value of a parameter may be: each of `texts`, as `read_arguments` takes it.

    `exact` is false where the words are only nearly a name.
    """

    texts: tuple[str, ...]
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Filling:
    """The values of parameters that the words `start` to `end` (exclusive) give."""

    names: tuple[str, ...]
    values: tuple[Value, ...]
    start: int
    end: int


@dataclass(frozen=True)
class Line:
    """A text with its words, and what they name."""

    text: str
    names: Names
    _spans: dict[tuple[str, ...], dict[int, tuple[tuple[int, tuple[Hit, ...]], ...]]] = field(
        default_factory=dict
    )

    labels: dict[str, str] = field(default_factory=dict)
    """The labels of all things that were looked up, by IRI."""

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The words."""
        return tokens(self.text)

    def named(self, at: int, kinds: tuple[str, ...]) -> tuple[tuple[int, tuple[Hit, ...]], ...]:
        """Where the names that begin with a word end, and whose they are."""
        if kinds not in self._spans:
            self._spans[kinds] = self._named(kinds)
        return self._spans[kinds].get(at, ())

    def addressed(self, address: str) -> Hit | None:
        """The thing with an address, which may stand in square brackets."""
        hit = self.names.thing(address.strip("[]"))
        if hit is not None:
            self.labels[hit.iri] = hit.label
        return hit

    def _named(self, kinds: tuple[str, ...]) -> dict[int, tuple[tuple[int, tuple[Hit, ...]], ...]]:
        found: dict[int, tuple[tuple[int, tuple[Hit, ...]], ...]] = {}
        plain = "".join(_without_ending(self.text, self.tokens))
        for span in dict.fromkeys(
            span
            for text in dict.fromkeys((self.text, plain))
            for span in self.names.spans(text, kinds)
        ):
            self.labels.update((hit.iri, hit.label) for hit in span.hits)
            inside = [
                number
                for number, token in enumerate(self.tokens)
                if span.start < token.end and token.start < span.end
            ]
            hits = _with_signs(span.hits, [self.tokens[number] for number in inside])
            if inside and hits and self.tokens[inside[-1]].end <= span.end:
                first = inside[0]
                if self.tokens[first].start >= span.start:
                    found[first] = (*found.get(first, ()), (inside[-1] + 1, hits))
        return found


def _with_signs(hits: tuple[Hit, ...], words: Sequence[Token]) -> tuple[Hit, ...]:
    """Those whose name has the signs that stand between the words: search passes over them."""
    signs = {token.key for token in words if token.kind == "sign" and token.key != "and"}
    return tuple(hit for hit in hits if all(sign in folded(hit.matched) for sign in signs))


def _without_ending(text: str, words: Sequence[Token]) -> Iterator[str]:
    """A text with blanks for each 's, so that "Kite's" is as much a name as "Kite"."""
    at = 0
    for token in words:
        if token.key == "'s":
            yield text[at : token.start] + " " * (token.end - token.start)
            at = token.end
    yield text[at:]


class Slots:
    """Fills the slots of one question."""

    def __init__(self, question: Named, grammar: Grammar) -> None:
        self._parameters = {one.name: one for one in question.parameters}
        self._types = {
            name: grammar.types.get(f"{question.name}.{name}", grammar.types.get(name))
            for name in self._parameters
        }
        self._aliases = grammar.aliases
        self._no_names = grammar.function_words | grammar.negations
        self._yielding = grammar.yielding
        self._choices = {
            name: _phrases(
                parameter,
                grammar.choices.get(f"{question.name}.{name}", grammar.choices.get(name, {})),
            )
            for name, parameter in self._parameters.items()
        }

    def fits(self, slot: Slot) -> bool:
        """Whether the question has the parameters of a slot, and as many values of each."""
        known = [self._parameters.get(name) for name in slot.names]
        return all(one is not None and (one.many or slot.least == 1) for one in known)

    def takes(self, name: str, hit: Hit) -> bool:
        """Whether a parameter may be this thing."""
        parameter = self._parameters.get(name)
        return parameter is not None and parameter.kind == "entity" and self._fits(parameter, hit)

    def fillings(self, slot: Slot, line: Line, at: int) -> Iterator[Filling]:
        """All ways in which a slot is filled from the words at a place on."""
        parameter = self._parameters[slot.names[0]]
        ways: list[tuple[int, tuple[Value, ...]]] = [
            (end, (value,)) for end, value in self._values(parameter, slot, line, at)
        ]
        while ways:
            end, values = ways.pop()
            if len(values) >= slot.least:
                yield Filling(slot.names, values, at, end)
            if slot.many and parameter.many and len(values) < parameter.most:
                for further in {end, *after(slot.joined, line.tokens, end)}:
                    ways += (
                        (last, (*values, value))
                        for last, value in self._values(parameter, slot, line, further)
                    )

    def _values(
        self, parameter: Parameter, slot: Slot, line: Line, at: int
    ) -> Iterator[tuple[int, Value]]:
        if at >= len(line.tokens):
            return
        match parameter.kind:
            case "entity":
                yield from self._entities(parameter, line, at)
            case "choice" | "boolean":
                for end, text in self._chosen(parameter, line, at):
                    yield end, Value((text,))
            case "date":
                if found := date_at(line.tokens, at):
                    yield found[0], Value((_CHANGES[slot.change](found[1]),))
            case "integer":
                if (key := line.tokens[at].key) and _is_between(parameter, key):
                    yield at + 1, Value((str(int(key)),))
            case "text":
                return

    def _chosen(self, parameter: Parameter, line: Line, at: int) -> Iterator[tuple[int, str]]:
        for one, text in self._choices[parameter.name]:
            for end in after((one,), line.tokens, at):
                yield end, text

    def _entities(self, parameter: Parameter, line: Line, at: int) -> Iterator[tuple[int, Value]]:
        if line.tokens[at].kind == "entity":
            yield from self._addressed(parameter, line, at)
        for address, phrases in self._aliases.get(parameter.name, {}).items():
            for end in after(phrases, line.tokens, at):
                hit = line.addressed(address)
                if hit is not None and self._fits(parameter, hit):
                    yield end, Value((hit.iri,))
        for end, hits in line.named(at, parameter.of):
            if all(token.key in self._no_names for token in line.tokens[at:end]):
                continue  # "other" is not the region that a report calls "Others"
            allowed = [hit for hit in hits if self._fits(parameter, hit)]
            fit = self._meant(allowed)
            exact = all(hit.how == "exact" for hit in fit)
            address = _address(line.tokens, end)
            meant = [hit for hit in allowed if address and hit.iri.endswith(address)]
            if meant:
                yield end + 1, Value((meant[0].iri,), exact)
            elif fit and not address:
                yield end, Value(tuple(dict.fromkeys(hit.iri for hit in fit)), exact)

    def _addressed(self, parameter: Parameter, line: Line, at: int) -> Iterator[tuple[int, Value]]:
        hit = line.addressed(line.tokens[at].key)
        if hit is not None and self._fits(parameter, hit):
            yield at + 1, Value((hit.iri,))

    def _meant(self, hits: list[Hit]) -> list[Hit]:
        """Of things of one name, those that are meant where nothing else is said."""
        return [hit for hit in hits if hit.kind not in self._yielding] or hits

    def _fits(self, parameter: Parameter, hit: Hit) -> bool:
        types = self._types[parameter.name]
        return (not parameter.of or hit.kind in parameter.of) and (
            types is None or hit.kind not in _TYPED or hit.type_label in types
        )


def _phrases(
    parameter: Parameter, written: Mapping[str, Sequence[str]]
) -> tuple[tuple[Phrase, str], ...]:
    there = ("true", "false") if parameter.kind == "boolean" else parameter.choices
    return tuple((phrase(one), value) for value in there for one in written.get(value, ()))


def after(phrases: Sequence[Phrase], line: Sequence[Token], at: int) -> Iterator[int]:
    """Where each of the phrases that stand here ends."""
    for one in phrases:
        end = at + len(one)
        if one and end <= len(line) and tuple(token.key for token in line[at:end]) == one:
            yield end


def _address(line: Sequence[Token], at: int) -> str:
    """The address in square brackets behind a name, as its IRI ends; empty if there is none."""
    if at < len(line) and line[at].kind == "entity" and line[at].key.startswith("["):
        return "/" + line[at].key.strip("[]")
    return ""


def _is_between(parameter: Parameter, key: str) -> bool:
    number = key.isascii() and key.isdigit() and len(key) < 10
    return number and parameter.least <= int(key) <= parameter.most
