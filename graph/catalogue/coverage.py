"""What a release covers: years, places, what it is about, and things to look at first."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from graph.landscape.asking import Asking, Iri


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was asked of the data.

    `years` are the first and the last that what sources state is about; None where no date is
    stated. `places` have IRI and name, `examples` are IRIs of things that much is said of.
    """

    years: tuple[int, int] | None
    places: Sequence[tuple[str, str]]
    keywords: Sequence[str]
    examples: Sequence[str]


def coverage(asking: Asking) -> Coverage:
    """Return what the data cover. Raises the errors of graph.query."""
    (years,) = asking.rows(catalogue_query("years"))
    first, last = years.get("first"), years.get("last")
    things = {str(row["class"]): str(row["thing"]) for row in reversed(_rows(asking, "things"))}
    return Coverage(
        years=(first, last) if isinstance(first, int) and isinstance(last, int) else None,
        places=_named(asking),
        keywords=tuple(str(row["name"]) for row in _rows(asking, "keywords") if "name" in row),
        examples=tuple(sorted(things.values())),
    )


@cache
def catalogue_query(name: str) -> str:
    """Return the text of `queries/<name>.rq`."""
    return files("graph.catalogue").joinpath("queries", f"{name}.rq").read_text("utf-8")


def _named(asking: Asking) -> tuple[tuple[str, str], ...]:
    """Places by IRI, each once: somebody may have written a second name for one."""
    rows = reversed(_rows(asking, "places"))
    places = {row["place"]: str(row["name"]) for row in rows if isinstance(row["place"], Iri)}
    return tuple(sorted((str(iri), name) for iri, name in places.items()))


def _rows(asking: Asking, name: str) -> list[dict[str, object]]:
    return [dict(row) for row in asking.rows(catalogue_query(name)) if row]
