"""What is written where a thing is meant, found by the search over names."""

from collections.abc import Sequence

from graph.landscape.errors import AmbiguousEntity, UnknownEntity
from graph.landscape.named import Resolve
from graph.search import NoSuchName, Search, SeveralOfThatName


def resolver(search: Search) -> Resolve:
    """Return a Resolve over the names of a search."""

    def resolve(parameter_name: str, text: str, kinds: Sequence[str]) -> str:
        try:
            return search.resolve(parameter_name, text, kinds)
        except NoSuchName as error:
            raise UnknownEntity(parameter_name, error.text, error.near) from error
        except SeveralOfThatName as error:
            raise AmbiguousEntity(parameter_name, error.text, error.candidates) from error

    return resolve
