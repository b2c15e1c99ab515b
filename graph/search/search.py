"""The search over names."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from graph.query import Engine
from graph.release import Editions
from graph.search.errors import NoSuchName, SeveralOfThatName
from graph.search.hits import Hit, Span
from graph.search.index import MAX_TEXT, Index
from graph.search.matching import Allowed, Match, beginning, by_words, exact
from graph.search.names import Named, read_names
from graph.search.sentences import named_in

MAX_LIMIT = 100
_NEAR = 5
_SAME = 1_000  # things of one name that are told apart


class Search:
    """Finds things by name. Immutable: several threads may use one.

    `find` orders by how a name matches: as a whole (as written, then whatever its case, accents and
    punctuation, then without its legal form, then in the singular), by its beginning, by its words
    in any order (whole words before words that only begin so), by words nearly so spelt (fewer
    edits first; see `graph.search.typos`). Then by the number of statements that a thing stands in,
    its label, and its IRI. Of a text the first 400 characters count.
    """

    __slots__ = ("_base", "_index")

    def __init__(self, things: Iterable[Named], base: str) -> None:
        self._index = Index(things)
        self._base = base

    @classmethod
    def of(cls, things: Iterable[Named], base: str) -> "Search":
        """A search over these things; `base` is what data IRIs begin with."""
        return cls(things, base)

    @classmethod
    def from_engine(cls, engine: Engine, base: str, editions: Editions = "current") -> "Search":
        """A search over all that has a name; one query. Raises the errors of graph.query."""
        return cls(read_names(engine, base, editions), base)

    def __len__(self) -> int:
        """Return how many things can be found."""
        return len(self._index.iris)

    @property
    def size(self) -> int:
        """How much memory the index takes, in bytes."""
        return self._index.size

    def find(self, text: str, kinds: Sequence[str] = (), limit: int = 10) -> tuple[Hit, ...]:
        """Return what is called so or nearly so, best first; of all kinds if none is given.

        An IRI or `kind/slug` finds the thing itself. At most 100 hits; none for a text without
        anything in it.
        """
        return self._found(text, kinds, limit, unfinished=False)

    def complete(self, prefix: str, kinds: Sequence[str] = (), limit: int = 10) -> tuple[Hit, ...]:
        """Return what a name that is being typed may become, best first.

        As `find`; the last word may be misspelt and unfinished at once.
        """
        return self._found(prefix, kinds, limit, unfinished=True)

    def thing(self, text: str) -> Hit | None:
        """Return the thing with this IRI or this `kind/slug`, if it has a name."""
        number = self._number(text.strip())
        if number is None:
            return None
        return self._hit(Match(number, int(self._index.labels[number]), "exact"))

    def resolve(self, parameter_name: str, text: str, kinds: Sequence[str] = ()) -> str:
        """Return the IRI of the one thing meant: an IRI, `kind/slug`, or a name as a whole.

        What is misspelt or only begun is never taken for a name, and of several things of a name
        none is picked. Raises NoSuchName, with what is near, and SeveralOfThatName.
        """
        one = self.thing(text)
        if one is not None and (not kinds or one.kind in kinds):
            return one.iri
        found = exact(self._index, text.strip()[:MAX_TEXT], self._index.allowed(kinds), _SAME)
        best = [match for match in found if match.tier == found[0].tier]
        if not best:
            near = self.find(text, kinds, _NEAR)
            labels = dict.fromkeys(hit.label for hit in near)
            raise NoSuchName(parameter_name, text[:MAX_TEXT], tuple(labels))
        iris = tuple(self._hit(match).iri for match in best)
        if len(iris) > 1:
            raise SeveralOfThatName(parameter_name, text[:MAX_TEXT], iris)
        return iris[0]

    def spans(self, text: str, kinds: Sequence[str] = ()) -> tuple[Span, ...]:
        """Return the longest runs of words that name something, in the order of the text.

        No span lies within another; two may overlap. A span has every thing of its name, best
        first. Of a text the first 600 characters count.
        """
        return tuple(
            Span(found.start, found.end, tuple(self._hit(match) for match in found.matches))
            for found in named_in(self._index, text, self._index.allowed(kinds))
        )

    def _found(
        self, text: str, kinds: Sequence[str], limit: int, *, unfinished: bool
    ) -> tuple[Hit, ...]:
        index, limit = self._index, min(limit, MAX_LIMIT)
        text = text.strip()[:MAX_TEXT].strip()
        if limit < 1 or not text:
            return ()
        allowed = index.allowed(kinds)
        found: dict[int, Match] = {}
        one = self._number(text)
        if one is not None and (not kinds or self._kind(one) in kinds):
            found[one] = Match(one, int(index.labels[one]), "exact")
        finders: tuple[Callable[[Index, str, Allowed, int], list[Match]], ...] = (
            exact,
            beginning,
            partial(by_words, typos=False),
            partial(by_words, typos=True, unfinished=unfinished),
        )
        for matches in finders:
            for match in matches(index, text, allowed, limit + len(found)):
                found.setdefault(match.thing, match)
            if len(found) >= limit:
                break
        return tuple(self._hit(match) for match in list(found.values())[:limit])

    def _number(self, text: str) -> int | None:
        """The number of the thing with this IRI or `kind/slug`."""
        if "/" not in text or len(text) > 4 * MAX_TEXT:
            return None
        for iri in (text, f"{self._base}id/{text}", f"{self._base}{text}"):
            first, last = self._index.iris.same(iri)
            if first < last:
                return int(self._index.iri_things[first])
        return None

    def _kind(self, thing: int) -> str:
        return self._index.kind_names[int(self._index.kinds[thing])]

    def _hit(self, match: Match) -> Hit:
        index, thing = self._index, match.thing
        return Hit(
            iri=index.iris[int(index.thing_iris[thing])],
            label=index.names[int(index.labels[thing])],
            kind=self._kind(thing),
            matched=index.names[match.name],
            score=match.score,
            type_label=index.type_names[int(index.type_labels[thing])],
            how=match.how,
            edits=match.edits,
        )
