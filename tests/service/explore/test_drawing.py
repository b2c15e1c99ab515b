"""Lanes and networks as drawings: the same every time, within their frame, whatever names are."""

import random
import subprocess
import sys
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.explore.lanes_svg import WIDTH, lanes_svg
from service.explore.layout import laid_out, overlapping
from service.explore.model import Lane, Lanes, Line, Network, Node, Placed, Tie
from service.explore.network_svg import drawn
from service.explore.order import crossings, ordered
from tests.examples import examples

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = (
    '<script>alert("1")</script>',
    "\u202eevil\u202c שלום",
    "x" * 10_000,
    "\"'&<>]]>",
    "\x00\x1b[31m\ufffe",
    "👩\u200d🔬🧬",
    "a\u0301" * 50,
)
PLACES = [
    (230, 184),
    (340, 230),
    (66, 210),
    (278, 130),
    (462, 116),
    (182, 82),
    (154, 30),
    (1086, 132),
]


def parsed(markup: str) -> ElementTree.Element:
    found = ElementTree.fromstring(markup)
    ids = [one.get("id") for one in found.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    assert found.find(f"{SVG}title") is not None
    assert found.find(f"{SVG}desc") is not None
    names = {name for one in found.iter() for name in one.attrib}
    assert not [name for name in names if name == "style" or name.startswith("on")]
    assert {one.tag for one in found.iter()} <= {
        f"{SVG}{name}" for name in ("svg", "title", "desc", "g", "a", "rect", "path", "text")
    }
    return found


def lanes(names: tuple[str, ...], focus: str = "") -> Lanes:
    left = [Node(f"c{n}", name, "company", f"/explore?focus=c{n}") for n, name in enumerate(names)]
    right = [Node(f"r{n}", name, "region", f"/explore?focus=r{n}") for n, name in enumerate(names)]
    lines = [
        Line(f"c{n}", f"r{n}", n % 2 == 0, f"{name} there", f"/explore#tie-{n}")
        for n, name in enumerate(names)
    ]
    path = frozenset({focus, focus.replace("c", "r")}) if focus else frozenset()
    return Lanes([Lane("company", left, left_out=12), Lane("region", right)], lines, focus, path)


def network(names: tuple[str, ...]) -> Network:
    nodes = [Node(f"n{n}", name, "company", f"/x?{n}", f"/id/{n}") for n, name in enumerate(names)]
    placed = [
        Placed(node, more=n, unfold=f"/x?open={n}" if n else "") for n, node in enumerate(nodes)
    ]
    ties = [Tie(nodes[0], "tied to", node, "kg:tiedTo", (), "/why") for node in nodes[1:]]
    return Network(placed, ties, "n0")


def test_hostile_names_are_text_in_lanes() -> None:
    found = parsed(lanes_svg(lanes(HOSTILE, "c1"), HOSTILE[0], "/explore?all=true"))
    links = [one.get("href") for one in found.iter(f"{SVG}a")]
    assert "/explore?all=true" in links
    assert {f"/explore?focus=c{n}" for n in (0, 2, 3, 4, 5, 6)} <= set(links)
    texts = "".join(found.itertext())
    assert HOSTILE[0] in texts
    assert "\u202e" not in texts
    assert "+12 more" in texts


def test_hostile_names_are_text_in_networks() -> None:
    one = drawn(network(HOSTILE), HOSTILE[2])
    found = parsed(one.markup)
    wide, high = one.size
    for box in one.boxes:
        assert box.left >= 0
        assert box.left + box.size[0] <= wide
        assert box.top >= 0
        assert box.top + box.size[1] <= high
        assert box.size[0] < 400
    assert "/x?open=3" in {link.get("href") for link in found.iter(f"{SVG}a")}


def test_what_is_in_focus_leads_to_its_page_and_is_not_told_by_colour_alone() -> None:
    one = drawn(network(("Alpha", "Beta")), "Around Alpha")
    current = [a for a in parsed(one.markup).iter(f"{SVG}a") if a.get("aria-current")]
    assert [a.get("href") for a in current] == ["/id/0"]
    assert "in focus" in str(current[0].findtext(f"{SVG}title"))
    frames = [a.find(f"{SVG}rect") for a in current]
    assert [frame.get("stroke-width") for frame in frames if frame is not None] == ["2"]


def test_implied_ties_are_dashed_and_stated_ones_are_not() -> None:
    found = parsed(lanes_svg(lanes(("Alpha", "Beta")), "Lanes", "/more"))
    ties = [one for one in found.iter(f"{SVG}path") if one.get("class") == "tie"]
    assert [bool(one.get("stroke-dasharray")) for one in ties] == [False, True]


def test_boxes_of_lanes_stay_within_the_picture_and_apart() -> None:
    names = tuple(f"Company {n}" for n in range(40))
    found = parsed(lanes_svg(lanes(names), "Lanes", "/more"))
    high = float(str(found.get("height")))
    boxes = [one for one in found.iter(f"{SVG}rect") if one.get("class") == "box"]
    assert len(boxes) == 81
    places = []
    for one in boxes:
        x, y, wide, tall = (float(str(one.get(k))) for k in ("x", "y", "width", "height"))
        assert 0 <= x <= x + wide <= WIDTH
        assert 0 <= y <= y + tall <= high
        places.append((x, y, tall))
    for first, second in combinations(sorted(places), 2):
        assert first[0] != second[0] or abs(first[1] - second[1]) >= first[2]


def test_the_order_does_not_depend_on_that_of_the_input() -> None:
    left, right = [f"l{n}" for n in range(30)], [f"r{n}" for n in range(12)]
    chance = random.Random(7)
    links = [(one, chance.choice(right)) for one in left for _ in range(2)]
    names = {one: one.upper() for one in left + right}
    first = ordered([left, right], [links], names)
    for _ in range(5):
        chance.shuffle(left)
        chance.shuffle(right)
        chance.shuffle(links)
        assert ordered([left, right], [links], names) == first


def test_the_order_has_no_more_crossings_than_that_of_names() -> None:
    columns = [["a", "b", "c"], ["x", "y", "z"]]
    links = [[("a", "z"), ("b", "y"), ("c", "x")]]
    names = {one: one for column in columns for one in column}
    assert crossings(columns, links) == 3
    assert crossings(ordered(columns, links, names), links) == 0
    alone = ordered(columns, [[]], names)
    assert alone == columns  # without any tie, by name


edges_of = st.lists(st.tuples(st.integers(0, 24), st.integers(0, 24)), max_size=60)


@settings(max_examples=examples(25), deadline=None)
@given(st.integers(1, 25), edges_of, st.randoms(use_true_random=False))
def test_no_two_labels_lie_on_each_other(number: int, edges: object, chance: random.Random) -> None:
    sizes = [(2 * chance.randint(20, 110), 28) for _ in range(number)]
    kept = [(a, b) for a, b in edges if a < number and b < number and a != b]  # type: ignore[attr-defined]
    pinned = {0: (300, 200)}
    places = laid_out(sizes, kept, pinned, 0)
    assert places[0] == (300, 200)
    for one, other in combinations(range(number), 2):
        assert not overlapping(places[one], places[other], sizes[one], sizes[other])
    assert all(isinstance(value, int) for place in places for value in place)
    assert laid_out(sizes, kept, pinned, 0) == places


def test_places_are_the_same_on_every_machine() -> None:
    """These places were written down once: other processors and releases of numpy give them too."""
    sizes = [(100, 28)] * 8
    edges = [(0, 1), (0, 2), (0, 3), (3, 4), (3, 5), (5, 6)]
    assert laid_out(sizes, edges, centre=0) == PLACES


def test_places_do_not_depend_on_the_process() -> None:
    code = (
        "from service.explore.layout import laid_out;"
        "print(laid_out([(90, 28)] * 60, [(n // 3, n) for n in range(1, 60)], centre=0))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1


def test_nothing_and_one_thing_are_drawn_too() -> None:
    assert laid_out([], []) == []
    parsed(drawn(Network([], []), "Nothing").markup)
    parsed(drawn(network(("Alone",)), "One").markup)


@pytest.mark.parametrize("number", [300])
def test_as_many_as_there_may_be_are_laid_out_in_time(number: int) -> None:
    edges = [(n // 4, n) for n in range(1, number)]
    places = laid_out([(150, 28)] * number, edges, centre=0)
    assert len(set(places)) == number
