"""What a resource is described with when somebody asks for its IRI, and how that is written."""

from graph.description.describing import (
    PAGE,
    Description,
    Inverse,
    contracted,
    describe,
    inverse_page,
    names_of,
)
from graph.description.editions import reading_for, superseded_in
from graph.description.nearby import near_paths
from graph.description.reading import Reading
from graph.description.retirement import Retirement, retirement
from graph.description.schema_org import schema_org, schema_org_json
from graph.description.sources import Count, facts_by_class, facts_by_section, graph_size
from graph.description.writing import write_description

__all__ = [
    "PAGE",
    "Count",
    "Description",
    "Inverse",
    "Reading",
    "Retirement",
    "contracted",
    "describe",
    "facts_by_class",
    "facts_by_section",
    "graph_size",
    "inverse_page",
    "names_of",
    "near_paths",
    "reading_for",
    "retirement",
    "schema_org",
    "schema_org_json",
    "superseded_in",
    "write_description",
]
