"""Reading the arguments of a call, which come from JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.network.arrays import Network
from graph.network.bounds import DEFAULT_HUBS
from graph.network.errors import InvalidArgument

_MOST = 2**31 - 1
FILTERS = ("kinds", "without_kinds", "node_kinds", "without_node_kinds", "hubs", "through")


class Arguments:
    """The arguments of a call, each read once. Raises InvalidArgument and UnknownNode."""

    def __init__(self, network: Network, given: Mapping[str, Any], known: Sequence[str]) -> None:
        self._network = network
        self._given = given
        for name in given:
            if name not in known:
                raise InvalidArgument(
                    str(name), f"is no argument here; there are {', '.join(known)}"
                )

    def has(self, name: str) -> bool:
        """Whether an argument is given; null is not."""
        return self._given.get(name) is not None

    def integer(self, name: str, default: int, least: int, most: int) -> int:
        """A whole number."""
        value = self._given.get(name)
        value = default if value is None else value
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise InvalidArgument(name, f"{value!r} is no whole number from {least} to {most}")
        return value

    def choice(self, name: str, choices: Sequence[str]) -> str:
        """One of several words; the first unless given."""
        value = self._given.get(name)
        value = choices[0] if value is None else value
        if value not in choices:
            raise InvalidArgument(name, f"{value!r} is none of {', '.join(choices)}")
        return str(value)

    def node(self, name: str) -> int:
        """The node with the IRI that is given."""
        value = self._given.get(name)
        if not isinstance(value, str):
            raise InvalidArgument(name, "is missing: the IRI of a node")
        return self._network.node(name, value)

    def nodes(self, name: str, most: int) -> list[int]:
        """The nodes with the IRIs that are given, without repetitions, in order of number."""
        values = self.texts(name)
        if len(values) > most:
            raise InvalidArgument(name, f"{len(values)} are more than {most}")
        return sorted({self._network.node(name, value) for value in values})

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; empty unless given."""
        value = self._given.get(name)
        if value is None:
            return ()
        if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
            raise InvalidArgument(name, "is no list of texts")
        return tuple(value)

    def hubs(self) -> int:
        """The most edges that a node may have to be passed through; 0 is given for no limit."""
        return self.integer("hubs", DEFAULT_HUBS, 0, _MOST) or _MOST

    def through(self) -> frozenset[int]:
        """Hubs that may be passed through all the same."""
        return frozenset(self.nodes("through", 100))

    def edge_kinds(self) -> NDArray[np.bool_] | None:
        """For each link whether it may be followed; None where all may."""
        numbers = self._network.edge_names
        allowed = self._allowed("kinds", "without_kinds", numbers, len(self._network.edge_kinds))
        return None if allowed is None else np.repeat(allowed, 2)

    def node_kinds(self) -> NDArray[np.bool_] | None:
        """For each kind of node whether such nodes may be met; None where all may."""
        return self._allowed("node_kinds", "without_node_kinds", self._kinds, len(self._kinds))

    def shown(self, name: str) -> NDArray[np.bool_] | None:
        """For each kind of node whether it is wanted; None where all are."""
        return self._allowed(name, None, self._kinds, len(self._kinds))

    @property
    def _kinds(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(self._network.node_kinds)}

    def _allowed(
        self, only: str, without: str | None, numbers: Mapping[str, int], count: int
    ) -> NDArray[np.bool_] | None:
        wanted, unwanted = (
            self._numbers(only, numbers),
            self._numbers(without, numbers) if without else [],
        )
        if not (wanted or unwanted):
            return None
        allowed = np.full(count, not wanted, bool)
        allowed[wanted] = True
        allowed[unwanted] = False
        return allowed

    def _numbers(self, name: str, numbers: Mapping[str, int]) -> list[int]:
        for text in self.texts(name):
            if text not in numbers:
                known = ", ".join(sorted(numbers))
                raise InvalidArgument(name, f"no {text!r} is in this network; there are {known}")
        return [numbers[text] for text in self.texts(name)]
