"""The series that sources are editions of: known, of one publisher, and in the order of dates."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from graph.dates import StatedDate
from graph.problems import Problem
from graph.sources.index import Index
from graph.sources.manifest import FILE, Manifest
from graph.sources.records import Record, Reference

_Named = tuple[str, Manifest]


def series_problems(sources: Sequence[_Named], index: Index) -> Iterator[Problem]:
    """What is wrong with the series that sources name; they are given with their folders."""
    found = defaultdict[str, list[_Named]](list)
    for name, manifest in sources:
        if manifest.series:
            found[manifest.series].append((name, manifest))
    for slug, of in sorted(found.items()):
        series = Reference("series", slug)
        row = index.known.get(series)
        for name, manifest in of:
            if row is None and not index.may_exist(series):
                message = f"there is no series {slug!r}"
                yield _problem(name, manifest, message, index.remedy(series, "series.csv"))
            elif row is not None:
                yield from _publisher(name, manifest, row)
        yield from _dates(of)


def _publisher(name: str, manifest: Manifest, series: Record) -> Iterator[Problem]:
    """A series has one publisher: what another one prints is no edition, but a source beside it."""
    publisher = series.one("publisher")
    if isinstance(publisher, Reference) and publisher.slug != manifest.publisher:
        message = (
            f"{series.key} is published by {publisher.slug} ({series.file}:{series.line}), and "
            f"this source by {manifest.publisher}"
        )
        remedy = "Name a series of its publisher, or leave it out; a copy has a data_group instead."
        yield _problem(name, manifest, message, remedy)


def _dates(of: Sequence[_Named]) -> Iterator[Problem]:
    """Every edition has a date, and the dates say which one is the later."""
    dated = []
    for name, manifest in of:
        if manifest.edition is None:
            message = f"an edition of {manifest.series} has no date, so its place is not known"
            remedy = "Write published or updated as the report prints it, or leave series out."
            yield _problem(name, manifest, message, remedy)
        else:
            dated.append((name, manifest, manifest.edition))
    ordered = sorted(dated, key=lambda one: (_start(one[2]), one[0]))
    for (before, _, earlier), (name, manifest, later) in pairwise(ordered):
        if _end(earlier) >= _start(later):
            message = (
                f"its date {later.form} and {earlier.form} of {before} do not say which edition of "
                f"{manifest.series} is the later"
            )
            remedy = "Write both as exactly as they are printed, or take one out of the series."
            yield _problem(name, manifest, message, remedy)


def _start(edition: StatedDate) -> date:
    return edition.earliest or date.min


def _end(edition: StatedDate) -> date:
    return edition.latest or date.max


def _problem(name: str, manifest: Manifest, message: str, remedy: str) -> Problem:
    return Problem(f"{name}/{FILE}", manifest.lines.get("series"), "series", message, remedy)
