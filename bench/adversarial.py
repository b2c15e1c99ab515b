"""The attacks against a real service: what each ends with, and when.

And how other people's small queries fare meanwhile.
"""

import statistics
import threading
from types import TracebackType
from typing import Self

from rich.table import Table

from bench.measure import MEBIBYTE, console, machine, shipped, verdict
from tests.hostile.assault import CROWDED, Outcome, abandon, together
from tests.hostile.corpus import Attack, attacks
from tests.hostile.probing import Prober
from tests.hostile.server import Program, Service
from tests.hostile.wire import query

DEADLINE = 2.0
LATE = 0.25  # seconds after its deadline by which a query has ended
REST = 0.5  # seconds after the last one by which no processor is busy
LEFT = 0.25  # seconds after its client left by which the work of a query has stopped
SOON = 0.1  # seconds after which clients leave: some queries run out of memory after 0.2
PROBE = 0.1  # seconds that 99 of 100 probes take at most
AT_ONCE = 3
FLAGS = (
    *("--deadline", f"{DEADLINE:g}", "--workers", "4", "--worker-memory", "256"),
    *("--max-result", "32", "--max-body-bytes", str(8 * MEBIBYTE)),
)


class Peak:
    """The most memory that a service has while its block runs, in bytes."""

    def __init__(self, service: Program) -> None:
        self.bytes = 0
        self._service = service
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.2):
            self.bytes = max(self.bytes, self._service.processes.memory())


def run(names: tuple[str, ...]) -> None:
    """Print the figures, and fail when a goal is missed."""
    machine()
    chosen = [attack for attack in attacks() if attack.name in names or not names]
    work = [attack for attack in chosen if attack.is_work]
    with shipped() as (data, _), Service(data, *FLAGS) as service:
        console.print(service.output.strip(), markup=False)
        query(service, "ASK {}")
        wrong = _few(service, chosen) + _all(service, work[:30]) + _abandoned(service, work)
        verdict(wrong)


def _few(service: Service, chosen: list[Attack]) -> list[str]:
    with Prober(service) as prober, Peak(service) as peak:
        outcomes = together(service, chosen, AT_ONCE)
    rest = service.processes.idle_after(10)
    table = Table("attack", "ended with", "after, s", "unprotected")
    for outcome in outcomes:
        attack = outcome.attack
        table.add_row(attack.name, outcome.what, f"{outcome.seconds:.3f}", attack.unprotected)
    console.print(table)
    return _told(f"{len(chosen)} attacks, {AT_ONCE} at a time", outcomes, prober, peak, rest)


def _all(service: Service, chosen: list[Attack]) -> list[str]:
    with Prober(service) as prober, Peak(service) as peak:
        outcomes = together(service, chosen, max(1, len(chosen)))
    rest = service.processes.idle_after(10)
    what = f"{len(chosen)} attacks at once"
    return _told(what, outcomes, prober, peak, rest, crowded=True)


def _told(
    what: str,
    outcomes: list[Outcome],
    prober: Prober,
    peak: Peak,
    rest: float,
    *,
    crowded: bool = False,
) -> list[str]:
    """Print what came, and return which goals were missed."""
    late = [outcome.seconds - DEADLINE for outcome in outcomes if "deadline" in outcome.what]
    middle, most = 1000 * statistics.median(late or [0]), 1000 * max(late, default=0)
    console.print(
        f"{what}: ended {middle:.0f} ms (median), at most {most:.0f} ms after the deadline; idle "
        f"{rest:.2f} s later; at most {peak.bytes // MEBIBYTE} MiB in all"
    )
    console.print(f"  ASK {{}} meanwhile: {prober.same}")
    console.print(f"  the same, never asked before: {prober.fresh}")
    also = CROWDED if crowded else frozenset[str]()
    wrong = [text for o in outcomes if (text := o.wrong(DEADLINE + LATE, also=also))]
    if rest > REST:
        wrong.append(f"{what}: idle only {rest:.2f} s after the last")
    return wrong + prober.wrong(PROBE)


def _abandoned(service: Service, work: list[Attack]) -> list[str]:
    times, lazy = {}, []
    for attack in work[:30]:
        worked = abandon(service, [attack], after=SOON)
        times[attack.name] = service.processes.idle_after(5)
        lazy += [f"{attack.name}: not at work when it was abandoned"] * (worked < 0.1 * SOON)
    abandon(service, work[:30], after=SOON)
    at_once = service.processes.idle_after(5)
    middle, most = statistics.median(times.values() or [0]), max(times.values(), default=0)
    console.print(
        f"{len(times)} abandoned after {SOON:g} s, one by one: idle after {1000 * middle:.0f} ms "
        f"(median), {1000 * most:.0f} ms (most); all at once: after {1000 * at_once:.0f} ms"
    )
    return lazy + [
        f"{name}: abandoned, and idle only after {seconds:.2f} s"
        for name, seconds in {**times, "all at once": at_once}.items()
        if seconds > LEFT
    ]
