"""From what people write to the entity that they mean, and lists of what a search finds."""

from collections.abc import Callable, Iterable, Sequence

from graph.landscape import Column, Parameter, Resolve
from graph.landscape.resolving import resolver as resolver_of
from graph.search import Hit, Search
from service.api.tables import Table

Q = Parameter("q", "Text", "A name, an alias or a code.", "text", required=True)
KIND = Parameter(
    *("kind", "Kind", "Look only among things of this kind, as IRIs have it: agent, place …"),
    kind="text",
    many=True,
)
HIT_COLUMNS = (
    Column("iri", "IRI", "text", "The IRI of the thing."),
    Column("label", "Name", "text", "Its name."),
    Column("kind", "Kind", "text", "The kind of its IRI, such as agent or place."),
    Column("type_label", "Type", "text", "What it is, in words."),
    Column("matched", "Matched", "text", "The name that matched, as it is in the data."),
    Column("how", "How", "text", "How the name matched: exact, prefix, word or typo."),
    Column("edits", "Edits", "integer", "How many letters differ from it."),
    Column("score", "Score", "number", "From 0 to 1; the greater, the better it fits."),
)


def hits_table(hits: Iterable[Hit]) -> Table:
    """Return what a search found as a table, in order."""
    names = [column.name for column in HIT_COLUMNS]
    return Table(HIT_COLUMNS, [{name: getattr(hit, name) for name in names} for hit in hits])


def resolver(search: Callable[[], Search]) -> Resolve:
    """Return what finds the entity that a parameter names, for `read_arguments`.

    `search` is called where there is such a parameter.
    """

    def resolve(name: str, text: str, kinds: Sequence[str]) -> str:
        return resolver_of(search())(name, text, kinds)

    return resolve
