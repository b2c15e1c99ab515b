"""All IRIs that Therascape mints, in one place.

The namespace of the vocabulary is constant; data IRIs follow a base that a deployment may set.
The kinds are a closed list and never change for a thing; classes live in rdf:type only.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

DEFAULT_BASE = "https://w3id.org/therascape/"
KINDS = frozenset(
    {
        *("agent", "therapy", "technology", "place", "market", "segment", "event", "claim"),
        *("concept", "scheme", "rule", "statement"),
    }
)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def is_slug(text: str) -> bool:
    """Whether text is lower-case letters and digits in groups joined by single hyphens."""
    return len(text) <= 120 and _SLUG.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Iris:
    """Mints the IRIs of one deployment; `base` ends with a slash."""

    base: str = DEFAULT_BASE

    def __post_init__(self) -> None:
        if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+/", self.base):
            raise ValueError(f"base IRI {self.base!r} must begin with http(s):// and end with /")

    def thing(self, kind: str, slug: str) -> NamedNode:
        """`<base>id/<kind>/<slug>`."""
        if kind not in KINDS:
            raise ValueError(f"{kind!r} is no kind of IRI; the kinds are {sorted(KINDS)}")
        if not is_slug(slug):
            raise ValueError(f"{slug!r} is no slug: use a-z, 0-9 and single hyphens")
        return NamedNode(f"{self.base}id/{kind}/{slug}")

    def source(self, slug: str) -> NamedNode:
        """`<base>source/<slug>`."""
        return NamedNode(f"{self.base}source/{slug}")

    def section(self, source: str, slug: str) -> NamedNode:
        """A section is a part of its source's document, so it is a fragment of it."""
        return NamedNode(f"{self.base}source/{source}#{slug}")

    def mention(self, claim: str, number: int) -> NamedNode:
        """The n-th mention of a claim, counted from 1."""
        return NamedNode(f"{self.base}id/claim/{claim}#m{number}")

    def graph(self, name: str) -> NamedNode:
        """`<base>graph/<name>`."""
        return NamedNode(f"{self.base}graph/{name}")

    def statement(self, rule: str, parts: Iterable[str]) -> NamedNode:
        """A derived statement with its premises: named by what it is made of."""
        digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
        return self.thing("statement", f"{rule}-{digest}")
