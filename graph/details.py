"""What the manifest of a release says of how it was built: nothing that differs by machine."""

from collections import Counter

from graph.editions import Editions, editions, history_graphs
from graph.release import JSON
from graph.rules import rules
from graph.sampling import Sample
from graph.sources.landscape import Landscape, Source
from graph.sources.review import digest
from graph.terms import Iris
from ontology.description import SCHEMA_VERSION


def details_of(landscape: Landscape, iris: Iris, sampled: Sample | None = None) -> dict[str, JSON]:
    """The base, the rules, the sources and the graphs of the history.

    `sampled`: the sources that alone were held against the shapes; nothing is said where all were.
    """
    found = editions(landscape)
    graphs = history_graphs(found, iris)
    details: dict[str, JSON] = {
        "base": iris.base,
        "rules": [rule.name for rule in rules()],
        "schema": SCHEMA_VERSION,
        "sources": [
            _source(source, landscape, iris) | _edition(source, found)
            for source in landscape.sources
        ],
    }
    if sampled is not None:
        details["validated"] = sampled.told()
    return details | ({"history": graphs} if graphs else {})


def _edition(source: Source, found: Editions) -> dict[str, JSON]:
    """What a manifest says of an edition of a series; nothing of a report of its own."""
    told = {
        "series": source.manifest.series,
        "replaces": found.replaces(source.slug),
        "replaced_by": found.replaced_by(source.slug),
    }
    return {name: slug for name, slug in told.items() if slug is not None}


def _source(source: Source, landscape: Landscape, iris: Iris) -> dict[str, JSON]:
    manifest = source.manifest
    names = {r.key: r.text("label") for r in landscape.registers if r.table.kind == "agent"}
    return {
        "slug": source.slug,
        "graph": iris.graph(source.slug).value,
        "title": manifest.title,
        "short_title": manifest.short_title,
        "publisher": names[manifest.publisher],
        "data_group": names[manifest.counted_as],
        "published": manifest.published.form if manifest.published else None,
        "updated": manifest.updated.form if manifest.updated else None,
        "url": manifest.url,
        "code": manifest.code,
        "licence_note": manifest.licence_note,
        "text_sha256": manifest.text_sha256,
        "claims": len(source.of("claims")),
        "rows": dict(sorted(Counter(r.table.name for r in source.records).items())),
        "read_for": sorted(manifest.read_for),
        "read_completely": sorted(n for n, c in manifest.tables.items() if c.complete),
        "rows_sha256": digest(source.records),
    }
