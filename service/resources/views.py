"""The addresses of things and sources, as their IRIs have them.

Thin: read the address, one description, a page or RDF.
"""

from collections.abc import Mapping
from typing import Any

from flask import Response, make_response, redirect, render_template, request
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as AnyResponse

from graph.description import (
    PAGE,
    Description,
    Reading,
    contracted,
    describe,
    facts_by_class,
    facts_by_section,
    inverse_page,
    names_of,
    near_paths,
    reading_for,
    retirement,
    schema_org,
    schema_org_json,
    write_description,
)
from graph.landscape import InvalidParameter
from graph.problems import shown
from graph.terms import KINDS, Iris, is_slug
from ontology.vocabulary import UnknownTerm, expand
from service.api.asking import Steps
from service.bodies import Parameters, read_query_string
from service.evaluation import here, job_within, note
from service.negotiation import Choice
from service.notices import add_notices
from service.pages import source as source_page
from service.pages.entity.view import entity_of, footnote_of
from service.pages.saving import savable
from service.querypage import keep_parameters
from service.refusals import ResourceGone, ResourceNotFound
from service.resources.addresses import (
    EXTENSIONS,
    Address,
    former_offset,
    here_or_there,
    split,
)
from service.resources.page import Page, editions_of
from service.served import served
from service.sparql import content_type

_PARAMETERS = ("format", "inverse", "offset")
_SOURCES = "source/"
_LONGEST = 2_000  # characters of an IRI in a parameter or a path


@savable
def thing(kind: str, name: str) -> AnyResponse | str:
    """What is said of `<base>id/<kind>/<slug>`."""
    slug, extension = split(name)
    if kind not in KINDS:
        kinds = ", ".join(sorted(KINDS))
        raise ResourceNotFound(f"{shown(kind)} is no kind of thing; the kinds are {kinds}")
    node = Iris(served().base).thing(kind, checked(slug))
    return respond(Address(node, f"id/{kind}/{slug}", extension))


@savable
def source(name: str) -> AnyResponse | str:
    """What is said of `<base>source/<slug>`, its sections included."""
    slug, extension = split(name)
    node = Iris(served().base).source(checked(slug))
    return respond(Address(node, f"source/{slug}", extension))


def genid(label: str) -> AnyResponse:  # noqa: ARG001 - read as it was sent
    """What is said of a Skolem IRI, `<base>.well-known/genid/<label>`.

    In the files of a release it stands for a blank node, which has no address in the service; it
    is found only where somebody wrote about the IRI itself.
    """
    rest = here().raw_path.partition("/.well-known/genid/")[2]
    iris = Iris(served().base)
    try:
        node = NamedNode(iris.genid + rest[:_LONGEST])
    except ValueError:
        raise ResourceNotFound("this is no IRI") from None
    return respond(Address(node, f".well-known/genid/{rest[:_LONGEST]}"))


def checked(slug: str) -> str:
    """Return a slug. Raises ResourceNotFound for what can be none.

    An encoded slash is no slash (RFC 3986, 2.2), though it is decoded before it gets here.
    """
    if not is_slug(slug) or "%2f" in here().raw_path.lower():
        names = "names are lower-case letters and digits, with single hyphens between"
        raise ResourceNotFound(f"nothing is called {shown(slug)}: {names}")
    return slug


def respond(address: Address) -> AnyResponse:
    """Return what is said of a resource.

    Raises ResourceNotFound, ResourceGone, NotAcceptable, InvalidParameter, and the errors of
    graph.query.
    """
    parameters = keep_parameters(read_query_string(request))
    choice, notices = address.choice(parameters)
    asked = _asked(parameters, _more(address, choice))
    steps = Steps(served().engine, None, job_within(), served().settings.deadline)
    apart = bool(served().release.history) and not served().settings.strict
    reading = Reading(steps, served().base, history=apart)
    note("resource", address.path)
    if (ended := retirement(reading, address.node)) is not None:
        return _ended(address, ended.replacement, ended.reason)
    reading = reading_for(reading, address.node)
    description = inverse_page(reading, address.node, *asked) if asked else None
    if asked is None:
        description = describe(reading, address.node)
    if description is None:
        raise _not_found(reading, address, asked)
    here().storable = steps.repeatable
    if choice.format is None:
        page = _paged(reading, description, address) if asked else None
        page = page or _page(steps, reading, description, address, parameters)
        response = make_response(page)
    else:
        body = write_description(description.graph, choice.format.media_type, description.node)
        response = Response(body, content_type=content_type(choice.media_type))
        name = f"{address.path.rpartition('/')[2]}.{choice.format.extension}"
        response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    written = "html" if choice.format is None else choice.format.extension
    response.headers.update(_headers(address, description, written, paged=asked is not None))
    add_notices(response, notices)
    return response


def _more(address: Address, choice: Choice) -> tuple[str, ...]:
    """The parameters that only the page of a report takes."""
    is_page = choice.format is None and address.path.startswith(_SOURCES)
    return source_page.PARAMETERS if is_page else ()


def _asked(parameters: Parameters, more: tuple[str, ...] = ()) -> tuple[NamedNode, int] | None:
    """Return the property and the offset of the list that was asked for; None for no list.

    Raises InvalidParameter.
    """
    for name, values in parameters.items():
        if name not in (*_PARAMETERS, *more):
            known = ", ".join((*_PARAMETERS, *more))
            raise InvalidParameter(shown(name)[1:-1], f"takes none; {known} do")
        if len(values) > 1:
            raise InvalidParameter(name, "is given more than once")
    if "inverse" not in parameters:
        if "offset" in parameters:
            raise InvalidParameter("offset", "goes with `inverse`, which names a property")
        return None
    offset = parameters.get("offset", ["0"])[0]
    if not (offset.isascii() and offset.isdigit() and len(offset) <= 9):
        raise InvalidParameter("offset", "must be a number from 0 to 999999999")
    return _property(parameters["inverse"][0]), int(offset)


def _property(name: str) -> NamedNode:
    """Return the property that a parameter names: an IRI, or a name with a predefined prefix."""
    reason = "must be the IRI of a property, or its name with a prefix, such as kg:organisation"
    if ":" not in name or len(name) > _LONGEST:
        raise InvalidParameter("inverse", reason)
    try:
        iri = name if name.partition(":")[2].startswith("//") else expand(name)
    except UnknownTerm:
        iri = name
    try:
        return NamedNode(iri)
    except ValueError:
        raise InvalidParameter("inverse", reason) from None


def _ended(address: Address, replacement: NamedNode | None, reason: str) -> AnyResponse:
    """Lead to what stands in the place of a resource. Raises ResourceGone where nothing does."""
    to = here_or_there(replacement.value) if replacement is not None else None
    if to is None:
        raise ResourceGone(f"<{address.node.value}> was withdrawn: {reason}")
    path, mark, fragment = to.partition("#")
    extension = f".{address.extension}" if address.extension else ""
    query = request.query_string.decode("latin-1")
    where = f"{path}{extension}" + (f"?{query}" if query else "") + mark + fragment
    return redirect(where, 301)


def _not_found(
    reading: Reading, address: Address, asked: tuple[NamedNode, int] | None
) -> ResourceNotFound:
    if asked is not None:
        return ResourceNotFound(
            f"nothing points to <{address.node.value}> with <{asked[0].value}>, "
            f"or not as many as {asked[1] + 1}"
        )
    folder, _, slug = address.path.rpartition("/")
    near = near_paths(reading, f"{folder}/", slug)
    hint = f"; near: {', '.join(near)}" if near else ""
    nothing = f"nothing is said of <{shown(address.node.value)[1:-1]}>{hint}"
    return ResourceNotFound(nothing, tuple(f"{request.url_root}{path}" for path in near))


def _headers(
    address: Address, description: Description, written: str, *, paged: bool
) -> Mapping[str, str]:
    query = following = former = ""
    if paged:
        (links,) = description.inverse
        offset, before = links.following, former_offset(links)
        query = _query(description)
        following = address.page_of(links, offset) if offset is not None else ""
        former = address.page_of(links, before) if before is not None else ""
    found = {"Link": address.links(query, following, former)}
    if written in EXTENSIONS:
        found["Content-Location"] = address.document(written, query)
    return found


def _query(description: Description) -> str:
    """The query of the address of a page of links, as its IRI has it."""
    (links,) = description.inverse
    iri = Iris.inverse(description.node, contracted(links.by), links.offset)
    return iri.value.partition("?")[2]


def _paged(reading: Reading, description: Description, address: Address) -> str:
    """A page of links that lead to a resource."""
    page = Page(description, address, _names(reading, description))
    return render_template(
        "resource.html", **_common(reading, description, address, page, _query(description))
    )


def _page(
    steps: Steps,
    reading: Reading,
    description: Description,
    address: Address,
    parameters: Parameters,
) -> str:
    """The page of a resource: of a report, of a thing by its kind, or what is said of others."""
    steps.editions = reading.editions
    names = _names(reading, description)
    if address.path.startswith(_SOURCES):
        page = Page(description, address, names, facts_by_section(reading, address.node))
        found = source_page.source_of(reading, address, source_page.read_choice(parameters))
        return render_template(
            "source.html",
            source=found,
            footnote=found.footnote,
            counts=facts_by_class(reading, address.node),
            **_common(reading, description, address, page),
        )
    page = Page(description, address, names)
    common = _common(reading, description, address, page)
    if not address.path.startswith("id/"):
        return render_template("resource.html", **common)
    entity = entity_of(steps, reading, description, address, page)
    template = f"entity/{entity.kind.template}.html"
    return render_template(template, entity=entity, footnote=footnote_of(entity), **common)


def _names(reading: Reading, description: Description) -> Mapping[str, str]:
    terms = {triple.predicate for triple in description.graph}
    terms |= {links.by for links in description.inverse}
    return names_of(reading, sorted(terms, key=str))


def _common(
    reading: Reading, description: Description, address: Address, page: Page, query: str = ""
) -> dict[str, Any]:
    return {
        "page": page,
        "iri": address.node.value,
        "canonical": address.node.value + (f"?{query}" if query else ""),
        "paged": bool(query),
        "whole": address.document(""),
        "documents": documents_of(address, query),
        "editions": editions_of(description, told_apart=reading.editions == "all"),
        "schema": schema_org_json(schema_org(description)),
        "leads": here_or_there,
        "local": here_or_there,
        "size": PAGE,
    }


def documents_of(address: Address, query: str = "") -> list[tuple[str, str, str]]:
    """Return title, media type and address of the same in other formats."""
    return [
        (format_.title, format_.media_type, address.document(extension, query))
        for extension, format_ in EXTENSIONS.items()
        if format_ is not None
    ]
