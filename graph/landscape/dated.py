"""When events were, as each report that tells them says."""

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from graph.landscape.answers import Thing
from graph.landscape.asking import Asking, filled, stored_query

#: Events in one query; each is one IRI of its text.
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Dated:
    """An event as one report dates it: `date` in ISO 8601-2, with its first and last possible day.

    Each is empty where the report does not say it.
    """

    event: Thing
    report: Thing
    date: str = ""
    earliest: str = ""
    latest: str = ""


def dated(asking: Asking, events: Iterable[str]) -> tuple[Dated, ...]:
    """Return when some events were, by their first possible day; those without one come first.

    Other IRIs are left out. Raises the errors of graph.query.
    """
    found: list[Dated] = []
    nodes = [NamedNode(event) for event in dict.fromkeys(events)]
    for first in range(0, len(nodes), _AT_ONCE):
        query = filled(stored_query("dated"), events=nodes[first : first + _AT_ONCE])
        for row in asking.rows(query):
            told = (str(row.get(name, "")) for name in ("date", "earliest", "latest"))
            event = Thing(str(row["event"]), str(row["label"]), "event")
            report = Thing(str(row["report"]), str(row["reportLabel"]), "source")
            found.append(Dated(event, report, *told))
    return tuple(sorted(found, key=lambda one: (one.earliest, one.latest, one.event.label)))
