"""An engine that is started before its release is the current one: taken once, or ended."""

from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from service.ahead import Ahead, Ending
from service.engines import Wanted
from service.mover import Tenant


@dataclass
class Made:
    """What stands for a tenant, and for its engine."""

    wanted: Wanted
    alive: bool = True
    template: Any = field(init=False)

    def __post_init__(self) -> None:
        self.template = self

    def stop(self) -> None:
        self.alive = False


class Starts:
    """Makes tenants, and keeps them."""

    def __init__(self) -> None:
        self.made: list[Made] = []

    def __call__(self, wanted: Wanted) -> Tenant:
        self.made.append(Made(wanted))
        return cast("Tenant", self.made[-1])

    def releases(self) -> list[str]:
        return [one.wanted.release for one in self.made]


@pytest.fixture
def starts() -> Starts:
    return Starts()


@pytest.fixture
def ahead(starts: Starts) -> "Ahead[Tenant]":
    return Ahead(starts, lambda: "served")


def test_what_is_ready_is_taken_once(ahead: "Ahead[Tenant]", starts: Starts) -> None:
    ahead.prepare("new")
    ahead.prepare("new")
    assert starts.releases() == ["new"]
    assert (
        cast("Made", ahead.start(Wanted("served"))) is not starts.made[0]
    )  # whose engine ended meanwhile
    assert cast("Made", ahead.start(Wanted("new"))) is starts.made[0]
    assert cast("Made", ahead.start(Wanted("new"))) is not starts.made[0]
    ahead.prepare("served")
    assert len(starts.made) == 3
    ahead.stop()
    assert all(one.alive for one in starts.made)  # they are those of who took them


def test_there_is_one_at_most_and_none_is_left(ahead: "Ahead[Tenant]", starts: Starts) -> None:
    ahead.prepare("first")
    ahead.prepare("second")
    assert [one.alive for one in starts.made] == [False, True]
    starts.made[1].alive = False  # it died before anybody took it
    ahead.prepare("second")
    assert starts.releases() == ["first", "second", "second"]
    ahead.stop()
    assert not any(one.alive for one in starts.made)
    with pytest.raises(Ending):
        ahead.prepare("third")
