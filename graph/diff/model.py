"""What differs, for people: things, their properties before and after, and the cause of each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from graph.diff.patch import Patch

Cause = Literal[
    "event-reported",
    "merged",
    "split",
    "source-added",
    "source-removed",
    "new-edition",
    "transcription-corrected",
    "recorded",
    "withdrawn",
    "written",
    "register-changed",
    "rule-or-code-changed",
]
#: Every cause with what it means. Where several explain a derived difference, the first one does.
CAUSES: Mapping[Cause, str] = {
    "event-reported": "a source tells an event that no source of the release before told",
    "merged": "things were decided to be one, or an organisation to count to another group",
    "split": "a thing was decided to be several, or an organisation to count by itself",
    "source-added": "the source was not in the release before",
    "source-removed": "the source is not in the release after",
    "new-edition": "the source was read from another edition",
    "transcription-corrected": "the source says what it said; it is transcribed otherwise",
    "recorded": "the source said it all along; it was not recorded before",
    "withdrawn": "the source is still there; what was recorded of it was withdrawn",
    "written": "somebody wrote it to the service",
    "register-changed": "names, types or relations in the shared registers changed",
    "rule-or-code-changed": "computed otherwise from what did not change, or a change of the terms",
}
Kind = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class PropertyChange:
    """Values of a property of a node, as N-Triples terms, before and after. IRIs have no brackets.

    `node` is the thing itself, or what belongs to it: a mention of a claim, the event it tells.
    """

    node: str
    property: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A thing in one graph that was added, removed or changed, for one cause.

    `because` is the thing that explains a derived difference, or one that shows another's name;
    `follows` are the differences that this one explains.
    """

    thing: str
    label: str
    graph: str
    kind: Kind
    cause: Cause
    properties: tuple[PropertyChange, ...]
    source: str | None = None
    because: str | None = None
    follows: tuple["Change", ...] = ()

    def all(self) -> Iterator["Change"]:
        """Itself, then what it explains."""
        yield self
        for change in self.follows:
            yield from change.all()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two releases compared: the patch, and the changes by cause. `labels` has names by IRI."""

    patch: Patch
    changes: tuple[Change, ...]
    labels: Mapping[str, str]

    def all(self) -> Iterator[Change]:
        """Every change, each followed by what it explains."""
        for change in self.changes:
            yield from change.all()
