"""Everything that programs can have of a release, in one place: files, citations, endpoints."""

from flask import Response, jsonify, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from graph.citation import bibtex, citation
from ontology.vocabulary import prefixes
from service.exports.views import grouped_exports, listed_exports
from service.pages.changes import steps
from service.pages.saving import savable
from service.pages.snippets import snippets
from service.querypage import for_people, keep_parameters
from service.served import served


@savable
def data() -> AnyResponse | str:
    """Files, releases, citations and endpoints: a page for people, a list for programs."""
    keep_parameters({})
    if not for_people():
        return data_json()
    release = served().release
    whole, tables, graphs = grouped_exports()
    cited = citation(release, url_for("release_page", name=release.id, _external=True))
    return render_template(
        "data.html",
        release=release,
        whole=whole,
        tables=tables,
        graphs=graphs,
        cited=cited,
        bibtex=bibtex(cited).partition("\n\n")[0],
        steps=steps(),
        snippets=snippets(request.url_root),
        prefixes=sorted(prefixes().items()),
    )


def data_json() -> Response:
    """The same for programs."""
    release = served().release
    names = {"name": release.id, "_external": True}
    return jsonify(
        release=release.id,
        exports=listed_exports(),
        releases=[step.release.id for step in steps()],
        citation={
            "CITATION.cff": url_for("release_cff", **names),  # type: ignore[arg-type]
            "BibTeX": url_for("release_bibtex", **names),  # type: ignore[arg-type]
        },
        endpoints={
            name: url_for(endpoint, _external=True)
            for name, endpoint in (
                ("sparql", "sparql"),
                ("graph store", "store"),
                ("api", "api"),
                ("openapi", "openapi_document"),
                ("catalogue", "catalog"),
                ("counts", "void"),
                ("vocabulary", "ns"),
                ("changes", "changes_atom"),
            )
        },
    )
