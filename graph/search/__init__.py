"""Search over names: what a thing may be called, and what the words of a sentence name.

`Search.from_engine(engine, base)` reads the names once; then:

- `search.find(text, kinds=(), limit=10) -> tuple[Hit, ...]`: best first
- `search.complete(prefix, kinds=(), limit=10) -> tuple[Hit, ...]`: while a name is being typed
- `search.resolve(parameter_name, text, kinds=()) -> str`: the IRI of exactly one thing
- `search.spans(text, kinds=()) -> tuple[Span, ...]`: what the words of a sentence name
"""

from graph.search.errors import NoSuchName, SearchError, SeveralOfThatName
from graph.search.hits import Hit, How, Span
from graph.search.names import Named
from graph.search.search import Search

__all__ = [
    "Hit",
    "How",
    "Named",
    "NoSuchName",
    "Search",
    "SearchError",
    "SeveralOfThatName",
    "Span",
]
