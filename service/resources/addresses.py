"""From an address to the IRI that it stands for, and back.

The path of an IRI after the base is the path of the service, so the default base resolves here
too. An extension names a document about the resource in one format; slugs have no dots.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from flask import request
from pyoxigraph import NamedNode

from graph.description import PAGE, Inverse, contracted
from graph.query import NotAcceptable
from graph.terms import Iris
from ontology.vocabulary import NAMESPACE
from service.bodies import Parameters
from service.negotiation import FORMATS, HTML, Choice, Format
from service.pages.sharing import kept
from service.served import served
from service.sparql import choices_for

#: The formats of documents, by extension; None is the page.
EXTENSIONS: dict[str, Format | None] = {
    "html": None,
    **{f.extension: f for f in FORMATS if f.form == "graph" and f.shown},
}
#: The folders of the base that the service answers.
_FOLDERS = ("id/", "source/", "graph/", "catalog", ".well-known/")
_ONTOLOGY = NAMESPACE.rstrip("#")
# What stands in an IRI as it is; what is encoded there already stays so.
_SAFE = "/:?#[]@!$&'()*+,;=%"


@dataclass(frozen=True, slots=True)
class Address:
    """What was asked for: the resource, its path after the base, and the extension, if any."""

    node: NamedNode
    path: str
    extension: str = ""

    def document(self, extension: str, query: str = "") -> str:
        """The address of the document about it in a format, here."""
        path = f"{request.root_path}/{self.path}"
        if extension and not self.is_dotted:
            query = f"{query}&format={_name(extension)}".lstrip("&")
        elif extension:
            path = f"{path}.{extension}"
        return kept(f"{path}?{query}" if query else path)

    @property
    def is_dotted(self) -> bool:
        """Whether documents have extensions: the label of a blank node may have dots itself."""
        return not self.path.startswith(".well-known/")

    def page_of(self, links: Inverse, offset: int) -> str:
        """The address of a page of links that lead to it, in the format that was asked for."""
        iri = Iris.inverse(self.node, contracted(links.by), offset).value
        return self.document(self.extension, iri.partition("?")[2])

    def choice(self, parameters: Parameters) -> tuple[Choice, tuple[str, ...]]:
        """Return what to write, and remarks: the extension beats `format`, and that `Accept`.

        Raises NotAcceptable.
        """
        if self.extension:
            format_ = EXTENSIONS[self.extension]
            return Choice(format_, format_.media_type if format_ else HTML), ()
        choices, notices = choices_for(request, parameters)
        choice = choices["graph"]
        if choice is None:
            raise NotAcceptable("graph", (*(f.media_type for f in _shown()), HTML))
        return choice, notices

    def links(self, query: str, following: str | None, former: str | None) -> str:
        """The value of `Link`: the IRI, the same in other formats, pages (RFC 8288, RFC 6596)."""
        whole = self.node.value + (f"?{query}" if query else "")
        found = [f'<{whole}>; rel="canonical"']
        for extension, format_ in EXTENSIONS.items():
            kind = format_.media_type if format_ else HTML
            address = self.document(extension, query)
            found.append(f'<{address}>; rel="alternate"; type="{kind}"')
        found += [f'<{following}>; rel="next"'] if following else []
        found += [f'<{former}>; rel="prev"'] if former else []
        return ", ".join(found)


def split(name: str) -> tuple[str, str]:
    """Return the slug and the extension of the last part of a path; no extension is an empty one.

    What follows a dot and is no extension of ours belongs to the slug, which is then none.
    """
    slug, dot, extension = name.rpartition(".")
    return (slug, extension) if dot and extension in EXTENSIONS else (name, "")


def here_or_there(iri: str) -> str | None:
    """Return where a page leads for an IRI: here for ours, there for others on the web.

    None for what no browser should follow.
    """
    base = served().base
    if iri == _ONTOLOGY or iri.startswith((NAMESPACE, f"{_ONTOLOGY}/")):
        return f"{request.root_path}/ns{quote(iri.removeprefix(_ONTOLOGY), safe=_SAFE)}"
    rest = iri.removeprefix(base)
    if rest != iri and rest.startswith(_FOLDERS):
        return kept(f"{request.root_path}/{quote(rest, safe=_SAFE)}")
    return iri if iri.startswith(("http://", "https://")) else None


def former_offset(links: Inverse) -> int | None:
    """Where the page before begins; None where this is the first."""
    return max(links.offset - PAGE, 0) if links.offset else None


def _name(extension: str) -> str:
    format_ = EXTENSIONS[extension]
    return format_.name if format_ else "html"


def _shown() -> Iterator[Format]:
    return (format_ for format_ in EXTENSIONS.values() if format_)
