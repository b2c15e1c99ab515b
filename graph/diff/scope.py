"""What two releases say that a cause rests on: their sources, graphs, editions."""

from collections.abc import Mapping
from typing import Any

from graph.diff.statements import About
from graph.release import Release
from ontology.vocabulary import expand

#: Graphs of which every statement is computed from others.
COMPUTED = ("derived", "audit", "forecasts")
#: What rests on superseded editions, computed or not.
HISTORY = "history"
_REVISES = (expand("dct:replaces"), expand("prov:wasRevisionOf"))
_EDITION = ("published", "updated")


class Scope:
    """The sources of both releases, by slug, and what a graph is."""

    def __init__(self, before: Release, after: Release) -> None:
        self.iris = after.iris
        self.before = _sources(before)
        self.after = _sources(after)
        self.written = {*before.written.graphs, *after.written.graphs}
        self._graphs = f"{self.iris.base}graph/"

    def name(self, graph: str) -> str:
        """The name of a graph of ours; empty for one that somebody wrote."""
        if graph in self.written or not graph.startswith(self._graphs):
            return ""
        return graph.removeprefix(self._graphs)

    def is_computed(self, graph: str, node: str) -> bool:
        """Whether what a graph says of a node is computed; in the history our doubts are not."""
        name = self.name(graph)
        is_note = node.startswith(f"{self.iris.base}id/claim/")
        return name in COMPUTED or (name == HISTORY and not is_note)

    def replacing(self, slug: str) -> str | None:
        """The edition that replaces a source in one release, and in the other does not.

        None for a source whose place in its series is the same in both.
        """
        old, new = (side.get(slug, {}).get("replaced_by") for side in (self.before, self.after))
        return None if old == new else str(new or old)

    def is_source(self, name: str) -> bool:
        """Whether a name is that of a source of either release."""
        return name in self.before or name in self.after

    def title(self, slug: str) -> str:
        """What a source is called."""
        source = self.after.get(slug) or self.before.get(slug) or {}
        return str(source.get("short_title") or source.get("title") or slug)

    def is_another_edition(self, slug: str) -> bool:
        """Whether a source that is in both was read from editions with different dates.

        A date that was not known before is a correction.
        """
        old, new = self.before.get(slug), self.after.get(slug)
        if not old or not new:
            return False
        dates = [(old.get(key), new.get(key)) for key in _EDITION]
        return any(a is not None and b is not None and a != b for a, b in dates)

    def revises(self, slug: str, about: About) -> bool:
        """Whether a source says that it is a later edition of one of the release before."""
        node = self.iris.source(slug).value
        earlier = {self.iris.source(name).value for name in self.before}
        return any(thing in earlier for way in _REVISES for thing in about.things(node, way))

    def is_revised(self, slug: str, about: About) -> bool:
        """Whether a source of the release after says that it is a later edition of this one."""
        node = self.iris.source(slug).value
        return any(
            node in about.things(self.iris.source(name).value, way)
            for name in self.after
            for way in _REVISES
        )


def _sources(release: Release) -> Mapping[str, Mapping[str, Any]]:
    sources = release.manifest.get("sources", ())
    return {str(source["slug"]): source for source in sources if source.get("slug")}
