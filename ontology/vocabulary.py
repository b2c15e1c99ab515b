"""Prefixes and the expansion of prefixed names; `kg:` terms are closed by the ontology."""

import tomllib
from functools import cache
from importlib.resources import files

NAMESPACE = "https://w3id.org/therascape/ns#"


class UnknownTerm(LookupError):
    """A prefixed name whose prefix is not in `ontology/prefixes.toml`."""


@cache
def prefixes() -> dict[str, str]:
    """The predefined prefixes, name to namespace IRI."""
    return dict(tomllib.loads((files("ontology") / "prefixes.toml").read_text("utf-8")))


def expand(name: str) -> str:
    """The IRI of a prefixed name; a name without a prefix is a term of ours."""
    prefix, colon, local = name.partition(":")
    if not colon:
        return NAMESPACE + name
    try:
        return prefixes()[prefix] + local
    except KeyError:
        raise UnknownTerm(
            f"prefix {prefix!r} of {name!r} is not declared in ontology/prefixes.toml"
        ) from None


def contract(iri: str) -> str:
    """The prefixed name of an IRI where a predefined prefix fits, else `<iri>`."""
    for prefix, namespace in prefixes().items():
        local = iri.removeprefix(namespace)
        if local != iri and local.replace("-", "").replace("_", "").isalnum():
            return f"{prefix}:{local}"
    return f"<{iri}>"
