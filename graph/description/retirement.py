"""What became of a resource that was withdrawn or merged into another."""

from dataclasses import dataclass

from pyoxigraph import NamedNode

from graph.description.reading import Reading
from graph.landscape.asking import Iri


@dataclass(frozen=True, slots=True)
class Retirement:
    """Why a resource was retired, and what stands in its place, None where nothing does."""

    reason: str
    replacement: NamedNode | None


def retirement(reading: Reading, node: NamedNode) -> Retirement | None:
    """Return what the registers say of the end of a resource; None where it is not retired.

    Raises the errors of graph.query.
    """
    registers = reading.iris.graph("reference")
    for row in reading.rows("retired", node=[node], registers=[registers]):
        replacement = row.get("replacement")
        is_iri = isinstance(replacement, Iri)
        return Retirement(
            str(row.get("reason", "")), NamedNode(str(replacement)) if is_iri else None
        )
    return None
