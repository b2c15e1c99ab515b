"""What this is, how it is made, what its words mean, what it cannot do, and whose it is."""

from flask import current_app, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from graph.citation import citation
from service.pages.saving import savable
from service.querypage import keep_parameters
from service.served import served

#: The endpoint of the form for problems, where the application has one.
_REPORTING = ("report_problem", "problem_report", "report")


@savable
def about() -> AnyResponse | str:
    """The page about the service and its data."""
    keep_parameters({})
    release = served().release
    address = url_for("release_page", name=release.id, _external=True)
    form = next((name for name in _REPORTING if name in current_app.view_functions), None)
    return render_template(
        "about.html",
        cited=citation(release, address),
        reports=served().reports,
        figure_pages=served().figure_pages,
        findings=served().findings,
        counts=served().counts,
        reporting=url_for(form) if form else None,
    )
