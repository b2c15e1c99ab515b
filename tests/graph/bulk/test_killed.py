"""Kill an import at any instant: the former release or the new one is there, whole."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.graph.release.samples import ROOT


@pytest.mark.parametrize(
    ("each", "least"),
    [
        (97, 5),
        pytest.param(
            *(1, 500), marks=[pytest.mark.exhaustive, pytest.mark.timeout(900)], id="everywhere"
        ),
    ],
)
def test_kill_an_import_anywhere_and_nothing_is_lost(tmp_path: Path, each: int, least: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.graph.bulk.killed", str(each), str(tmp_path)],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
    )
    found = json.loads(done.stdout)
    assert found["wrong"] == []
    assert found["killed"] >= least
