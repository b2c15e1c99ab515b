"""What the catalogue tells of: the release that is served, the others beside it, their files."""

import re
from collections.abc import Iterator

from flask import request

from graph.catalogue.coverage import Coverage, coverage
from graph.catalogue.dcat import Catalogued
from graph.catalogue.distribution import Distribution
from graph.catalogue.files import statistics_of
from graph.catalogue.void import Address, Counted
from graph.export.files import GZIP_ENDING, GZIP_TYPE, export_named, exports, made
from graph.export.model import Scope
from graph.landscape.asking import Asking
from graph.release import DataDirectory, Release
from service.evaluation import job_within
from service.served import served


def distributions(release: Release) -> Iterator[Distribution]:
    """Return the files of a whole release, with size and checksum those that lie ready.

    Those that are made when somebody first wants them have none before; compressed ones are told of
    once they are there.
    """
    for plain in exports(release):
        named = (plain.name, plain.name + GZIP_ENDING) if plain.scope == Scope() else ()
        for export in filter(None, (export_named(release, name) for name in named)):
            found = made(release, export)
            if found or not export.compress:
                yield Distribution(
                    name=re.sub(r"[^a-z0-9]+", "-", export.name.lower()).strip("-"),
                    title=export.format.title + (", compressed" if export.compress else ""),
                    path=f"exports/{release.id}/{export.name}",
                    media_type=export.format.media_type,
                    size=found.size if found else None,
                    sha256=found.sha256 if found else None,
                    compression=GZIP_TYPE if export.compress else None,
                    rdf=export.format.kind in ("dataset", "graph"),
                )


def address() -> Address:
    """Return where the service is, as the client called it."""
    return Address(request.url_root)


def catalogued() -> Catalogued:
    """Return what the catalogue tells. Raises the errors of graph.query and graph.release."""
    here = served().release
    beside = DataDirectory(here.path.parent.parent).releases()
    others = tuple(release for release in beside if release.id != here.id)
    return Catalogued(here, covered(), tuple(distributions(here)), others)


def counted() -> Counted:
    """Return the release with its counts. Raises the errors of graph.query."""
    release = served().release
    return Counted(
        release, statistics_of(release), tuple(distributions(release)), covered().examples
    )


def covered() -> Coverage:
    """Return what the data cover. Raises the errors of graph.query."""
    return coverage(asking())


def asking() -> Asking:
    """Return whom to ask, within the deadline of the request."""
    return Asking(served().engine, served().base, job=job_within())
