"""Two hundred kills during a thousand writes: what is lost."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.measure import console, machine, verdict
from tests.hostile.killing import Campaign

FLAGS = ("--empty", "--checkpoint-writes", "20", "--workers", "2", "--worker-memory", "128")
WRITES = 1000


def run(kills: int, seed: int) -> None:
    """Print the figures, and fail when something is lost, or less was written than is to be."""
    machine()
    wrong: list[str] = []
    for merged in (True, False):
        begin = time.monotonic()
        with TemporaryDirectory() as folder:
            campaign = Campaign(Path(folder), seed, *FLAGS, merged=merged)
            report = campaign.run(kills=kills // 2)
        console.print(
            f"default graph {'merged' if merged else 'strict'}: {report.kills} kills, "
            f"{report.acknowledged} writes acknowledged and {report.open} under way, "
            f"{report.releases} releases, {len(report.wrong)} things wrong, in "
            f"{time.monotonic() - begin:.0f} s"
        )
        wrong += report.wrong
        if report.releases < kills / 20:
            wrong.append(f"only {report.releases} releases were made")
        if report.acknowledged < WRITES * kills / 400:
            wrong.append(f"only {report.acknowledged} writes were acknowledged")
    verdict(wrong)
