"""What somebody may have meant who asked for an IRI that is not there."""

from pyoxigraph import Literal
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extract

from graph.description.reading import Reading, limited
from graph.terms import is_slug

#: Of how many resources of the kind the names are looked at, so that a miss costs little.
_MOST = 20_000
_NEAR, _ALIKE = 5, 70.0


def near_paths(reading: Reading, folder: str, slug: str) -> tuple[str, ...]:
    """Return the paths of resources in a folder, such as `id/agent/`, with slugs like this one.

    The nearest comes first; none for what is no slug. Raises the errors of graph.query.
    """
    if not is_slug(slug):
        return ()
    prefix = reading.base + folder
    rows = reading.rows("beside", limited(_MOST), prefix=[Literal(prefix)])
    slugs = {str(row["thing"]).removeprefix(prefix) for row in rows}
    there = sorted(found for found in slugs if is_slug(found))
    found = extract(slug, there, scorer=ratio, limit=_NEAR, score_cutoff=_ALIKE)
    return tuple(folder + name for name, _, _ in found)
