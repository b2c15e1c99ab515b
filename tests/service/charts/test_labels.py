from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.charts.labels import Box, Wish, place, repel

AREA = Box(0, 0, 100, 100)


def test_labels_with_room_stay_where_they_are() -> None:
    assert repel([10, 30, 50], 10, 0, 100) == [10, 30, 50]


def test_two_that_touch_give_way_by_the_same_amount() -> None:
    assert repel([40, 44], 10, 0, 100) == [37, 47]


def test_the_order_of_the_list_does_not_change_where_they_go() -> None:
    assert repel([44, 10, 40], 10, 0, 100) == [47, 10, 37]


def test_a_crowd_at_the_edge_moves_inwards() -> None:
    assert repel([1, 2, 3], 10, 5, 100) == [5, 15, 25]
    assert repel([99, 98, 100], 10, 0, 95) == [85, 75, 95]


def test_without_room_it_says_so() -> None:
    with pytest.raises(ValueError, match="3 labels, 10 apart"):
        repel([1, 2, 3], 10, 0, 19)
    assert repel([], 10, 0, 1) == []


@given(st.lists(st.floats(-500, 500), max_size=30), st.floats(0, 20))
def test_they_are_apart_in_bounds_and_in_order(targets: list[float], gap: float) -> None:
    placed = repel(targets, gap, -300, 300)
    order = sorted(range(len(targets)), key=lambda i: targets[i])
    for before, after in pairwise(order):
        assert placed[after] - placed[before] >= gap - 1e-6
    assert all(-300 - 1e-6 <= y <= 300 + 1e-6 for y in placed)


@given(st.lists(st.floats(0, 100), min_size=2, max_size=5))
def test_no_other_places_are_nearer(targets: list[float]) -> None:
    placed = repel(targets, 10, -1000, 1000)
    cost = sum((p - t) ** 2 for p, t in zip(placed, targets, strict=True))
    order = sorted(range(len(targets)), key=lambda i: targets[i])
    for split in range(1, len(order)):  # move all above, or all below, a place
        for shift in (0.01, -0.01):
            for part in (order[:split], order[split:]):
                moved = [y + shift * (i in part) for i, y in enumerate(placed)]
                low, high = moved[order[split - 1]], moved[order[split]]
                other = sum((p - t) ** 2 for p, t in zip(moved, targets, strict=True))
                assert high - low < 10 - 1e-9 or other >= cost - 1e-9


def _place(*wishes: Wish, taken: tuple[Box, ...] = ()) -> list[str | None]:
    placed = place(wishes, height=10, distance=5, area=AREA, taken=taken, crowd=[])
    return [found.text if found else None for found in placed]


def test_a_label_stands_to_the_right_where_it_can() -> None:
    (found,) = place(
        [Wish(50, 50, [("A", 8)])], height=10, distance=5, area=AREA, taken=(), crowd=[]
    )
    assert found is not None
    assert found.box == Box(55, 45, 63, 55)


def test_it_goes_to_the_left_at_the_right_end() -> None:
    (found,) = place(
        [Wish(98, 50, [("A", 8)])], height=10, distance=5, area=AREA, taken=(), crowd=[]
    )
    assert found is not None
    assert found.box.right <= 98


def test_the_shorter_text_is_taken_where_the_longer_has_no_room() -> None:
    assert _place(Wish(50, 50, [("a long one", 101), ("A", 8)])) == ["A"]


def test_no_room_no_label() -> None:
    assert _place(Wish(50, 50, [("A", 8)]), taken=(AREA,)) == [None]


def test_a_line_is_avoided() -> None:
    crowd = [(x / 2, 50.0) for x in range(200)]
    (found,) = place(
        [Wish(50, 50, [("A", 8)])], height=10, distance=5, area=AREA, taken=(), crowd=crowd
    )
    assert found is not None
    assert not any(found.box.holds(*point) for point in crowd)


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), max_size=40))
def test_placed_labels_are_in_the_area_and_off_each_other(at: list[tuple[float, float]]) -> None:
    wishes = [Wish(x, y, [("name", 30), ("A", 8)]) for x, y in at]
    found = place(wishes, height=10, distance=5, area=AREA, taken=(), crowd=at)
    boxes = [placed.box for placed in found if placed]
    assert all(box.within(AREA) for box in boxes)
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
    assert not at or boxes
