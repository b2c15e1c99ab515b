"""Where a program begins that follows links: what the first page says of itself."""

from collections.abc import Mapping
from typing import Any

from graph.terms import Iris
from service.served import Served


def home_document(served: Served, address: str) -> Mapping[str, Any]:
    """Return the dataset in the words of schema.org; its graphs and sources by their IRIs."""
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": served.base,
        "name": "Therascape",
        "description": "Market reports about therapies, as a cited knowledge graph.",
        "url": address,
        "identifier": served.release.id,
        "isBasedOn": [
            {
                "@type": "Report",
                "@id": Iris(served.base).source(str(source["slug"])).value,
                "name": source.get("short_title") or source.get("title"),
            }
            for source in served.sources
        ],
        "hasPart": [
            {"@type": "Dataset", "@id": graph} for graph in sorted(served.counts["graphs"])
        ],
    }
