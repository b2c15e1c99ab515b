import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.graph.release.samples import ROOT

# Fewer kills than this at all lines, and the program no longer reaches the code that it is to
# interrupt; `later` is killed at times, not at lines.
AT_LEAST = {"first": 100, "second": 100, "amended": 50, "damaged": 100, "later": 6}


@pytest.mark.parametrize("every", [13, pytest.param(1, marks=pytest.mark.exhaustive)])
def test_kill_a_publisher_anywhere_and_nothing_is_lost(tmp_path: Path, every: int) -> None:
    programs = {}
    for scenario in AT_LEAST:
        (tmp_path / scenario).mkdir()
        programs[scenario] = subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.graph.release.killed"),
                *(scenario, str(tmp_path / scenario), str(every)),
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
    found = {}
    for scenario, program in programs.items():
        with program:
            output, _ = program.communicate(timeout=50)
        assert program.returncode == 0
        found[scenario] = json.loads(output)
    assert [what for result in found.values() for what in result["wrong"]] == []
    for scenario, least in AT_LEAST.items():
        assert found[scenario]["killed"] >= (least if scenario == "later" else least // every)
