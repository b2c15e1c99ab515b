"""The traps, and the attacks aimed at them."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.egress.attacks import Attack, corpus
from tests.egress.grammar import Grammar
from tests.egress.runner import Outcome, Setting, run_attacks
from tests.egress.traps import SECRET, STOLEN, Listener, Watch, listening, plant

Outcomes = dict[str, Outcome]

GENERATED = 2000
SEED = 20250801


@dataclass(frozen=True)
class Traps:
    """The listening server, the watched folder, and everything that is to run into them."""

    listener: Listener
    watch: Watch
    corpus: tuple[Attack, ...]
    generated: tuple[Attack, ...]

    def reset(self) -> None:
        """Forget what was noticed."""
        self.listener.forget()
        self.watch.opened()

    def reached(self) -> set[str]:
        """The names of the attacks whose requests came in."""
        return {path.split("/")[1] for path in self.listener.paths}

    def run(self, attacks: tuple[Attack, ...], *, wall: bool, files: bool = True) -> Outcomes:
        """Run attacks on the engine alone."""
        endpoint = f"http://127.0.0.1:{self.listener.port}/variable-by-data/x"
        return run_attacks(attacks, Setting(wall, files, endpoint, (SECRET, STOLEN)))


@pytest.fixture(scope="session")
def all_traps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Traps]:
    folder = tmp_path_factory.mktemp("planted")
    plant(folder)
    with listening() as listener, Watch(folder) as watch:

        def aim(attacks: Iterator[Attack]) -> tuple[Attack, ...]:
            return tuple(attack.aimed(listener.port, folder) for attack in attacks)

        yield Traps(listener, watch, aim(corpus()), aim(Grammar(SEED).attacks(GENERATED)))


@pytest.fixture
def traps(all_traps: Traps) -> Traps:
    """The traps, with nothing noticed yet."""
    all_traps.reset()
    return all_traps
