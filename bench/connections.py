"""Two hundred slow connections of each kind, and how small queries fare meanwhile."""

import time
from typing import get_args

from bench.measure import MEBIBYTE, console, machine, shipped, verdict
from tests.hostile.corpus import text
from tests.hostile.dripping import Drip, Kind
from tests.hostile.probing import Prober
from tests.hostile.server import Service
from tests.hostile.wire import query

COUNT = 200
FEW = 2
SECONDS = 5.0
LIMIT = 3.0
PROBE = 0.1
LARGE = text("select-all") + " LIMIT 20000"
FLAGS = (
    *("--header-seconds", f"{LIMIT:g}", "--body-seconds", f"{LIMIT:g}"),
    *("--send-seconds", f"{LIMIT:g}"),
)


def run() -> None:
    """Print the figures, and fail when a goal is missed."""
    machine()
    wrong: list[str] = []
    with shipped() as (data, _), Service(data, *FLAGS) as service:
        size = len(query(service, LARGE).body)
        with Prober(service) as prober:
            service.processes.share(SECONDS)
        console.print(f"alone: {prober.same}; never asked before: {prober.fresh}")
        for kind in get_args(Kind):
            before = service.processes.memory()
            with Drip(service, kind, COUNT, LARGE) as drip, Prober(service) as prober:
                busy = service.processes.share(LIMIT / 2)
                grown = service.processes.memory() - before
                begin = time.monotonic()
                while service.connections() > FEW:
                    time.sleep(0.05)
                    if time.monotonic() - begin > LIMIT + SECONDS:
                        wrong.append(f"slow {kind} are still there")
                        break
                ended = LIMIT / 2 + time.monotonic() - begin
            console.print(
                f"{COUNT} slow {kind}: {prober.same}; never asked before: {prober.fresh}; closed "
                f"within {ended:.1f} s, statuses {drip.statuses()}; {busy:.2f} processors, "
                f"{grown / MEBIBYTE:+.0f} MiB"
            )
            wrong += prober.wrong(PROBE)
        console.print(f"slow readers took an answer of {size / 1e6:.1f} MB")
    verdict(wrong)
