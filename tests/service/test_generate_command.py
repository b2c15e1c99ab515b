"""`therascape generate`: what it is given, what it leaves when it fails, what it says then."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.service.conftest import ROOT, Therascape

GENERATE = (sys.executable, "-m", "service", "generate")


@pytest.fixture
def therascape(in_this_process: Therascape) -> Therascape:
    return in_this_process


def test_terminated_it_leaves_nothing(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with subprocess.Popen([*GENERATE, "--reports", "5000", str(out)], cwd=ROOT) as running:
        until = time.monotonic() + 30
        while not (out / "synthetic-report-3").exists() and time.monotonic() < until:
            time.sleep(0.02)
        running.send_signal(signal.SIGTERM)
        assert running.wait(30) == 128 + signal.SIGTERM
    assert [*out.iterdir()] == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device")
def test_a_full_disk_behind_standard_output_is_told() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*GENERATE, "--reports", "1", "--form", "nquads", "-"],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 3
    assert done.stderr == "therascape: cannot write standard output: No space left on device\n"


@pytest.mark.parametrize("wrong", [("--reports", "0"), ("--reports", "1", "--seed", "-1")])
def test_numbers_that_no_landscape_has_are_a_wrong_command_line(
    therascape: Therascape, wrong: tuple[str, ...]
) -> None:
    assert therascape("generate", *wrong, "out").returncode == 2


@pytest.mark.parametrize("form", ["folders", "nquads"])
def test_folders_above_are_made(therascape: Therascape, tmp_path: Path, form: str) -> None:
    out = tmp_path / "a" / "b" / "out"
    assert therascape("generate", "--reports", "1", "--form", form, str(out)).returncode == 0
    assert out.exists()
