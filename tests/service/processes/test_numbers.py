"""The number of the last write, as several processes know it."""

import subprocess
import sys
from pathlib import Path

from service.processes.numbers import Numbers
from tests.service.conftest import ROOT

RAISE = (
    "import sys; from pathlib import Path; from service.processes.numbers import Numbers; "
    "numbers = Numbers(Path(sys.argv[1])); first = int(sys.argv[2]); "
    "seen = 0\n"
    "for number in range(first, 20_000, 3):\n"
    "    numbers.raise_to(number)\n"
    "    assert numbers.number >= number and numbers.number >= seen\n"
    "    seen = numbers.number\n"
)


def test_it_never_goes_back_whoever_raises_it(tmp_path: Path) -> None:
    path = tmp_path / "numbers"
    numbers = Numbers(path)
    assert (numbers.number, numbers.made, numbers.failed) == (0, 0, 0)
    processes = [
        subprocess.Popen([sys.executable, "-c", RAISE, str(path), str(first)], cwd=ROOT)
        for first in (1, 2, 3)
    ]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert numbers.number == 19_999
    numbers.raise_to(5)
    assert numbers.number == 19_999
    numbers.close()


def test_checkpoints_are_counted_beyond_the_process_that_makes_them(tmp_path: Path) -> None:
    for count in (1, 2):
        numbers = Numbers(tmp_path / "numbers")
        numbers.made += 1
        numbers.failed += 2
        assert (numbers.number, numbers.made, numbers.failed) == (0, count, 2 * count)
        numbers.close()
