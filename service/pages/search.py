"""What is called so, as a page; `service.api.views` has the same as data."""

from flask import Response, render_template, request

from graph.search.search import MAX_LIMIT
from service.api import views as api
from service.evaluation import here
from service.pages.asked import MOST, asked_in, page_of
from service.querypage import for_people, keep_parameters
from service.resources.addresses import here_or_there
from service.served import served

_SHOWN = 50


def search_page() -> Response | str:
    """Things by name: a list for people, the same as data for programs."""
    keep_parameters({})
    if not for_people():
        return api.search()
    here().storable = True
    text = request.args.get("q", "").strip()
    hits = served().search.find(text, (), MAX_LIMIT) if text else []
    rows = [(hit, here_or_there(hit.iri)) for hit in hits[:_SHOWN]]
    return render_template(
        "search.html",
        text=text,
        rows=rows,
        number=len(hits),
        asked=asked_in(text),
        page_of=page_of,
        most=MOST,
    )
