"""The vocabulary as a drawing: classes as a tree, and an arc for what leads from one to another.

Classes stand one below the other, those of a class under it and further in. An arc on the right
goes from the domain of properties to their range, the thicker the more properties; one of a class
to itself is a loop. Colours come from the styles of the page, in the light and in the dark.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from service.charts.markup import escaped, tag, tooltip
from service.vocabulary.model import Documented

_ROW, _INDENT, _TOP = 22.0, 20.0, 12.0
_LEFT, _TEXT, _ARCS = 12.0, 232.0, 320.0
_LETTER = 7.4  # about the width of a letter, in the size of the drawing

Pair = tuple[str, str]


def diagram(found: Sequence[Documented]) -> str:
    """Return the drawing as SVG; each name leads to its term on the page."""
    rows = list(_tree([term for term in found if term.is_class]))
    place = {term.name: _TOP + _ROW * (n + 0.5) for n, (term, _) in enumerate(rows)}
    arcs = _arcs(found, place)
    width, height = _LEFT + _TEXT + _ARCS, 2 * _TOP + _ROW * len(rows)
    title = tag("title", {"id": "diagram-title"}, "Classes, and the properties between them")
    said = f"{len(rows)} classes; {len(arcs)} pairs of classes have properties between them."
    return tag(
        "svg",
        {
            "class": "diagram",
            "viewBox": f"0 0 {width:g} {height:g}",
            "width": width,
            "height": height,
            "role": "group",
            "aria-labelledby": "diagram-title diagram-text",
        },
        title,
        tag("desc", {"id": "diagram-text"}, escaped(said)),
        *_branches(rows, place),
        *(_arc(pair, names, place) for pair, names in arcs.items()),
        *(_name(term, depth, place[term.name]) for term, depth in rows),
    )


def _tree(classes: Sequence[Documented]) -> Iterator[tuple[Documented, int]]:
    """Classes with their depth, each after the one above it, by name."""
    ours = {f"#{term.name}" for term in classes}
    below: defaultdict[str | None, list[Documented]] = defaultdict(list)
    for term in classes:
        above = [parent.href for parent in term.parents if parent.href in ours]
        below[above[0] if above else None].append(term)

    def walk(parent: str | None, depth: int) -> Iterator[tuple[Documented, int]]:
        for term in below[parent]:
            yield term, depth
            yield from walk(f"#{term.name}", depth + 1)

    yield from walk(None, 0)


def _arcs(found: Sequence[Documented], place: Mapping[str, float]) -> dict[Pair, list[str]]:
    """Names of properties by their domain and range, where both are classes of ours."""
    arcs: defaultdict[Pair, list[str]] = defaultdict(list)
    for term in found:
        if term.domain and term.range:
            pair = (term.domain.href[1:], term.range.href[1:])
            if pair[0] in place and pair[1] in place:
                arcs[pair].append(term.name)
    return dict(arcs)


def _branches(rows: Sequence[tuple[Documented, int]], place: Mapping[str, float]) -> Iterator[str]:
    """Lines from a class down to those under it."""
    path: list[Documented] = []
    for term, depth in rows:
        del path[depth:]
        if path:
            x, top = _LEFT + _INDENT * (depth - 1) + 6, place[path[-1].name] + 8
            y = place[term.name]
            data = f"M{x:g} {top:g}V{y:g}H{x + _INDENT - 10:g}"
            yield tag("path", {"d": data, "class": "branch"})
        path.append(term)


def _arc(pair: Pair, names: Sequence[str], place: Mapping[str, float]) -> str:
    x, first, last = _LEFT + _TEXT, place[pair[0]], place[pair[1]]
    if first == last:
        out, up, down = x + 26, first - 12, first + 12
        data = f"M{x:g} {first - 3:g}C{out:g} {up:g} {out:g} {down:g} {x:g} {first + 3:g}"
    else:
        reach = 24 + (_ARCS - 60) * abs(last - first) / (max(place.values()) + _TOP)
        bend = x + reach * 4 / 3
        data = f"M{x:g} {first:g}C{bend:g} {first:g} {bend:g} {last:g} {x + 5:g} {last:g}"
    told = f"{pair[0]} to {pair[1]}: {', '.join(names)}"
    drawn = tag("path", {"d": data, "stroke-width": 1 + 0.75 * (len(names) - 1)})
    head = tag("path", {"d": f"M{x + 8:g} {last - 4:g}L{x:g} {last:g}L{x + 8:g} {last + 4:g}"})
    return tag("g", {"class": "arc"}, tooltip(told), drawn, head if first != last else "")


def _name(term: Documented, depth: int, y: float) -> str:
    x = _LEFT + _INDENT * depth
    text = tag("text", {"x": x, "y": y + 4.5}, escaped(term.name))
    named = tag("a", {"href": f"#{term.name}"}, tooltip(term.comment), text)
    start, end = x + _LETTER * len(term.name) + 8, _LEFT + _TEXT - 6
    rule = tag("path", {"d": f"M{start:g} {y:g}H{end:g}", "class": "leader"})
    return named + (rule if start < end else "")
