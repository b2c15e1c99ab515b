"""What is published has the same bytes on every processor, thread count and hash seed."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from numpy._core._multiarray_umath import (  # type: ignore[import-not-found, unused-ignore]
    __cpu_dispatch__,
    __cpu_features__,
)

PROGRAM = Path(__file__).with_name("digest.py")
ROOT = PROGRAM.parents[3]
# Those that numpy has code of its own for and this processor has: others it cannot leave out.
FEATURES = [name for name in __cpu_dispatch__ if __cpu_features__.get(name)]


@cache
def _digests(**environment: str) -> tuple[str, ...]:
    """Of what is published, and of the features that numpy then works with."""
    clean = {k: v for k, v in os.environ.items() if k != "NPY_DISABLE_CPU_FEATURES"}
    done = subprocess.run(
        [sys.executable, str(PROGRAM)],
        env={**clean, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return tuple(done.stdout.split())


@pytest.mark.parametrize(
    "environment",
    [
        {"NPY_DISABLE_CPU_FEATURES": " ".join(FEATURES)},
        *({"NPY_DISABLE_CPU_FEATURES": name} for name in FEATURES[-1:]),
        {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "DIGEST_THREADS": "1"},
        {"OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2", "DIGEST_THREADS": "2"},
        {"PYTHONHASHSEED": "0"},
        {"PYTHONHASHSEED": "1"},
    ],
    ids=lambda environment: " ".join(f"{k}={v}" for k, v in environment.items()),
)
def test_the_same_bytes_are_published(environment: dict[str, str]) -> None:
    numbers, digest, _ = _digests(**environment)
    assert int(numbers) > 50_000
    assert (numbers, digest) == _digests()[:2]


@pytest.mark.skipif(not FEATURES, reason="numpy has no code of its own for this processor")
def test_features_can_be_left_out() -> None:
    every, left = _digests()[2], _digests(NPY_DISABLE_CPU_FEATURES=" ".join(FEATURES))[2]
    assert set(FEATURES) <= set(every.split(","))
    assert not set(FEATURES) & set(left.split(","))
