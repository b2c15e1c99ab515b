"""A publisher and two replicas, killed while releases are made and clients ask."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.measure import console, machine, verdict
from tests.hostile.followed import Campaign

FLAGS = ("--workers", "2", "--worker-memory", "128")


def run(seconds: float, seed: int) -> None:
    """Print the figures, and fail when an answer is wrong or a service does not converge."""
    machine()
    begin = time.monotonic()
    with TemporaryDirectory() as folder:
        report = Campaign(Path(folder), seed, 2, *FLAGS).run(seconds=seconds)
    console.print(
        f"{report.kills} kills, {report.releases} releases, {report.answers} answers compared, "
        f"{report.refused} refused, {len(report.wrong)} things wrong, in "
        f"{time.monotonic() - begin:.0f} s"
    )
    if report.kills < seconds / 10:
        report.wrong.append(f"only {report.kills} kills")
    verdict(report.wrong)
