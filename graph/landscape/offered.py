"""What a landscape can be narrowed by: only what occurs in the data is offered."""

from collections.abc import Mapping

from graph.landscape.answers import Thing
from graph.landscape.asking import Asking, stored_query
from graph.landscape.traits import as_thing


def offered(asking: Asking) -> Mapping[str, tuple[Thing, ...]]:
    """Return values of the parameters therapy, indication, role and report, in order of labels.

    Raises the errors of graph.query.
    """
    found: dict[str, list[Thing]] = {"therapy": [], "indication": [], "role": [], "report": []}
    for row in asking.rows(stored_query("offered")):
        thing = as_thing(asking, str(row["thing"]), str(row["label"]))
        found[str(row["of"])].append(thing)
    return {name: tuple(of) for name, of in found.items()}
