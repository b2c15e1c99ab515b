"""Where a program begins that follows links: what the first page says of itself."""

from collections.abc import Mapping
from typing import Any

from graph.catalogue.vocabulary import LICENCE
from graph.terms import Iris
from service.served import Served


def home_document(served: Served, address: str) -> Mapping[str, Any]:
    """Return the dataset in the words of schema.org; its graphs and sources by their IRIs."""
    iris = Iris(served.base)
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": iris.catalogue("dataset").value,
        "name": "Therascape",
        "description": "Market reports about therapies, as a cited knowledge graph.",
        "url": address,
        "identifier": served.release.id,
        "license": LICENCE.value,
        "includedInDataCatalog": {"@type": "DataCatalog", "@id": iris.catalogue().value},
        "isBasedOn": [
            {
                "@type": "Report",
                "@id": iris.source(str(source["slug"])).value,
                "name": source.get("short_title") or source.get("title"),
            }
            for source in served.sources
        ],
        "hasPart": [
            {"@type": "Dataset", "@id": graph} for graph in sorted(served.counts["graphs"])
        ],
    }
