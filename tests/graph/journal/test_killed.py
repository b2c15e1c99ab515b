import json
import subprocess
import sys
from pathlib import Path

from tests.graph.journal.samples import ROOT

# Fewer kills than this, and the program no longer reaches the code that it is to interrupt.
AT_LEAST = {"append": 100, "prune": 60, "later": 60}


def test_kill_who_writes_or_prunes_anywhere_and_nothing_acknowledged_is_lost(
    tmp_path: Path,
) -> None:
    programs = {}
    for scenario in AT_LEAST:
        (tmp_path / scenario).mkdir()
        programs[scenario] = subprocess.Popen(
            [sys.executable, "-m", "tests.graph.journal.killed", scenario, tmp_path / scenario],
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
        assert found[scenario]["killed"] >= least
