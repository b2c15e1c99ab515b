"""What a running application serves: one release, its engine, and what the pages say about them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import current_app

from graph.landscape import Named, Traversal
from graph.query import Engine
from graph.questions.executable import Example
from graph.release import Editions, Release
from graph.search import Search
from service.access import Access
from service.reporting.box import Box
from service.seams import Control, Writer
from service.settings import Settings

EXTENSION = "therascape"


@dataclass(frozen=True, slots=True)
class Served:
    """Everything a view needs. Numbers come from the manifest: nothing is counted on request.

    `searching` gives the search over the names of the release, which it makes once, and
    `searching_all` that over the names of all editions, where that is another one. `network` is
    None where there is none; `named` are the questions with a name; `box` keeps the problems that
    readers report, if anything does.
    """

    engine: Engine
    release: Release
    settings: Settings
    examples: Sequence[Example]
    platform_notes: tuple[str, ...]
    searching: Callable[[], Search]
    network: Traversal | None = None
    named: Sequence[Named] = ()
    findings: Sequence[Mapping[str, str]] = ()
    writer: Writer | None = None
    control: Control | None = None
    access: Access = field(default_factory=Access)
    searching_all: Callable[[], Search] | None = None
    box: Box | None = None

    @property
    def writable(self) -> bool:
        """Whether somebody may write here."""
        return self.writer is not None and self.access.writable

    def question(self, name: str) -> Named | None:
        """Return the question with this name."""
        return next((one for one in self.named if one.name == name), None)

    @property
    def search(self) -> Search:
        """The search over the names of the release. Raises the errors of graph.query."""
        return self.searching()

    def search_of(self, editions: Editions) -> Search:
        """The search over the names that these editions know. Raises the errors of graph.query."""
        if editions == "all" and self.searching_all is not None:
            return self.searching_all()
        return self.searching()

    @property
    def base(self) -> str:
        """Base of the IRIs in the release; queries are read relative to it."""
        return str(self.release.manifest.get("base", self.settings.base))

    @property
    def counts(self) -> Mapping[str, Any]:
        """`statements`, `triples`, `graphs` and `classes`, as the manifest has them."""
        counts: Mapping[str, Any] = self.release.manifest["counts"]
        return counts

    @property
    def sources(self) -> Sequence[Mapping[str, Any]]:
        """The sources as the manifest describes them."""
        sources: Sequence[Mapping[str, Any]] = self.release.manifest.get("sources", ())
        return sources

    @property
    def reports(self) -> Sequence[Mapping[str, Any]]:
        """The sources that were read for whatever they say, superseded editions left out."""
        return [source for source in self._current if not source.get("read_for")]

    @property
    def figure_pages(self) -> Sequence[Mapping[str, Any]]:
        """The sources that were read for figures only; none in a release of an older version."""
        return [source for source in self._current if source.get("read_for")]

    @property
    def superseded(self) -> Sequence[Mapping[str, Any]]:
        """The editions that a later one replaces."""
        return [source for source in self.sources if source.get("replaced_by")]

    @property
    def _current(self) -> Sequence[Mapping[str, Any]]:
        return [source for source in self.sources if not source.get("replaced_by")]


def served() -> Served:
    """Return what the current application serves."""
    found = current_app.extensions[EXTENSION]
    assert isinstance(found, Served)
    return found
