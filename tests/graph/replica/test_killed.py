import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.graph.release.samples import ROOT


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("every", "least"), [(17, 8), pytest.param(1, 200, marks=pytest.mark.exhaustive)]
)
def test_killed_anywhere_a_replica_has_the_former_or_the_new_release(
    tmp_path: Path, every: int, least: int
) -> None:
    command = [sys.executable, "-m", "tests.graph.replica.killed", str(every), str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=280)
    assert done.returncode == 0, done.stderr.decode()
    found = json.loads(done.stdout)
    assert found["wrong"] == []
    assert found["killed"] >= least
