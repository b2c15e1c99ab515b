"""Reporting a problem with a fact: a form, and what keeps it. It works without scripts.

There are no cookies and no sessions, so another site can do nothing in somebody's name; that a form
comes from a page of this service is asked all the same, so that no other site fills the folder.
"""

from urllib.parse import urlsplit

from flask import Response, jsonify, make_response, render_template, request

from graph.landscape import InvalidParameter
from graph.problems import shown
from service.bodies import FORM_BODY, Parameters, check_coding, read_form, read_query_string
from service.evaluation import here, note
from service.querypage import for_people, keep_parameters
from service.refusals import (
    BodyTooLarge,
    ForeignForm,
    MalformedRequest,
    ProblemNotKept,
    ReadOnly,
    UnsupportedBody,
)
from service.reporting.box import Reported
from service.resources.addresses import here_or_there
from service.served import served

MOST_BYTES = 32 * 1024
LONGEST_TEXT, LONGEST_CONTACT, LONGEST_IRI = 4_000, 200, 2_000
_LONGEST_RELEASE = 64
_FIELDS = ("about", "of", "wrong", "contact")


def report_problem() -> Response:
    """The form to report a problem with a fact; POST keeps it."""
    if request.method == "POST":
        return _keep()
    given = keep_parameters(read_query_string(request))
    about, release = _about(given), _release(given)
    return _page(about, release, {})


def _keep() -> Response:
    """Keep what was sent. Raises the refusals, ProblemNotKept and TooManyProblems."""
    _check_origin()
    if served().access.read_only:
        raise ReadOnly(f"{served().access.closed} and keeps no reported problems")
    given = _form()
    about, release = _about(given), _release(given)
    text, contact = _text(given, "wrong"), _text(given, "contact")
    wrong = _wrong(text, contact)
    if wrong and for_people():
        response = _page(about, release, {"text": text, "contact": contact, "problem": wrong})
        response.status_code = 400
        response.headers["Cache-Control"] = "no-store"
        return response
    if wrong:
        raise InvalidParameter("wrong", wrong)
    box = served().box
    if box is None:
        raise ProblemNotKept("this service has no folder to keep it in")
    note("problem")
    id_ = box.keep(Reported(about, release, text, contact), here().client)
    if for_people():
        page = render_template("report_kept.html", id=id_, about=about, back=_back(about))
        response = make_response(page, 201)
    else:
        response = jsonify(id=id_, about=about, release=release)
        response.status_code = 201
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(about: str, release: str, sent: dict[str, str]) -> Response:
    off = ""
    if served().access.read_only:
        why = served().access.closed
        off = f"{why[:1].upper()}{why[1:]} and keeps nothing."
    elif served().box is None:
        off = "This service has no folder to keep a problem in."
    page = render_template(
        "report_problem.html",
        about=about,
        back=_back(about),
        release=release,
        off=off,
        sent={"text": "", "contact": "", "problem": "", **sent},
        longest=(LONGEST_TEXT, LONGEST_CONTACT),
    )
    return make_response(page)


def _check_origin() -> None:
    """Raise ForeignForm unless the request comes from a page of this service.

    `Sec-Fetch-Site` is the browser's own word, also behind a proxy that renames the host; others
    send `Origin` with every form.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site == "same-origin":
            return
        raise ForeignForm("the form was sent from another site")
    origin = request.headers.get("Origin")
    if origin is None:
        raise ForeignForm("the request does not say which page it was sent from (Origin)")
    if urlsplit(origin).netloc.lower() != request.host.lower():
        raise ForeignForm("the form was sent from another site")


def _form() -> Parameters:
    """Return the fields. Raises BodyTooLarge, UnsupportedBody and MalformedRequest."""
    if request.mimetype != FORM_BODY:
        raise UnsupportedBody(f"a form is expected, as {FORM_BODY}", (FORM_BODY,))
    check_coding(request, (FORM_BODY,))
    data = request.stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise BodyTooLarge(f"the form has more than {MOST_BYTES:,} bytes")
    found = read_form(data, "the form")
    for name, values in found.items():
        if name not in _FIELDS:
            raise MalformedRequest(f"the form has no field {shown(name)}")
        if len(values) > 1:
            raise MalformedRequest(f"the field {name} is there more than once")
    return found


def _about(given: Parameters) -> str:
    """Return the IRI of the fact. Raises InvalidParameter for what is none of ours."""
    about = _text(given, "about")
    rest = about.removeprefix(served().base)
    if about and (rest == about or len(about) > LONGEST_IRI or any(map(_is_odd, about))):
        raise InvalidParameter("about", f"must be the IRI of a fact, under {served().base}")
    return about


def _release(given: Parameters) -> str:
    """Return the release that the fact was seen in: the one that is served unless told."""
    release = _text(given, "of") or served().release.id
    if len(release) > _LONGEST_RELEASE or not (release.isascii() and release.isalnum()):
        raise InvalidParameter("of", "must be the id of a release")
    return release


def _text(given: Parameters, name: str) -> str:
    values = given.get(name, [""])
    return values[0].strip().replace("\r\n", "\n")


def _wrong(text: str, contact: str) -> str:
    """Return what keeps these from being kept, in words; empty for nothing."""
    if not text:
        return "Write what is wrong: it is empty."
    if len(text) > LONGEST_TEXT:
        return f"Write it in {LONGEST_TEXT:,} characters or fewer; it has {len(text):,}."
    if len(contact) > LONGEST_CONTACT:
        return f"How to reach you has more than {LONGEST_CONTACT} characters."
    return ""


def _back(about: str) -> str | None:
    return here_or_there(about) if about else None


def _is_odd(character: str) -> bool:
    return character.isspace() or not character.isprintable() or character in '<>"{}|\\^`'
