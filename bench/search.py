"""The search over names: a million made-up names, what they take, and how long a search is.

A search has 20 ms. The names are made from a seed: companies, hospitals, therapies and places of
syllables, with the words that the field repeats in every other name and a skewed number of
statements.
"""

import gc
import random
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np

from bench.measure import console, machine, shipped, verdict
from graph.query import EmbeddedEngine
from graph.search import Named, Search
from graph.search.names import read_names
from graph.terms import DEFAULT_BASE

GOAL_MS = 20
_SYLLABLES = """
    ab ac ad al am an ar as at av ax ba be bi bo ca ce ci co cu da de di do du el em en er es et ev
    fa fe fi fo ga ge gi go ha he hi ia ib ic il im in io ir is it ka ke ki la le li lo lu ma me mi
    mo na ne ni no nu ol om on or os ov pa pe pi po qua ra re ri ro ru sa se si so ta te ti to tri
    ul un ur va ve vi vo xa xe xi ya ze zi zo
""".split()
_COMPANY = """
    Therapeutics Biotherapeutics Biosciences Pharma Pharmaceuticals Biotech Biologics Genetics Cell
    Gene Medicine Oncology Sciences Bio Immunotherapy Research
""".split()
_FORMS = ("Inc.", "Ltd", "S.A.", "GmbH", "K.K.", "plc", "", "", "")
_HEADS = ("Hospital", "Instituto", "University of", "Institute of", "Clínica", "Centro Médico")


def run(count: int, seed: int) -> None:
    """Print what an index of `count` names takes and how long searches are; fail over 20 ms."""
    machine()
    console.print(f"{count:,} names, seed {seed}")
    chance = random.Random(seed)
    things = list(_things(count, chance))
    before, begun = _resident(), time.perf_counter()
    search = Search.of(things, DEFAULT_BASE)
    took = time.perf_counter() - begun
    names = [name for thing in things for name in (thing.label, *thing.names)]
    probes = chance.sample(names, 300)
    del things, names
    gc.collect()
    console.print(
        f"built in {took:.1f} s; index {_mb(search.size)}; process +{_mb(_resident() - before)},"
        f" at its largest {_mb(_peak())}"
    )
    find, complete, spans = search.find, search.complete, search.spans
    missed = [
        _measured("exact", probes, find),
        _measured("one typo", [_mistyped(name, chance) for name in probes], find),
        _measured("last words first", [" ".join(reversed(name.split())) for name in probes], find),
        _measured("first word and last", [_ends(name) for name in probes], find),
        _measured("one letter", list("abcdefghijklmnopqrstuvwxyz"), complete),
        _measured("as typed", [p[:n] for p in probes[:60] for n in range(2, 12)], complete),
        _measured("as typed, one typo", [_mistyped(p, chance)[:12] for p in probes], complete),
        _measured("words of every other name", ["cell gene", "pharma inc bio", "research"], find),
        _measured("nothing like it", [f"{p[::-1]} qqxzy" for p in probes], find),
        _measured(
            "a dozen common beginnings", ["a b c d e i l m o p r t", "t c p b g s m i"], find
        ),
        _measured("100 kB", ["therapeutics " * 8_000, "a" * 100_000, "\u202e" * 100_000], find),
        _measured("sentences", [f"is {p} in {q}" for p, q in pairwise(probes)], spans),
        _measured("misspelt sentences", ["theraputics of pharmaceuticels " * 16, "cels"], spans),
    ]
    missed.append(_shipped())
    verdict([f"{name}: more than {GOAL_MS} ms" for name in missed if name])


def _things(count: int, chance: random.Random) -> Iterator[Named]:
    made = 0
    while made < count:
        kind = chance.choice(("agent", "agent", "agent", "therapy", "place", "event"))
        own = _word(chance)
        match kind:
            case "agent" if chance.random() < 0.3:
                label = f"{chance.choice(_HEADS)} {own} {_word(chance)}"
            case "agent":
                label = f"{own} {chance.choice(_COMPANY)} {chance.choice(_FORMS)}".strip()
            case "event":
                label = (
                    f"Licence, {own} {chance.choice(_COMPANY)}, {_word(chance)}, {made % 40 + 1990}"
                )
            case _:
                label = own if kind == "place" else f"{own.lower()}cel"
        names = (f"{own[:3].upper()}-{made}",) if chance.random() < 0.25 else ()
        made += 1 + len(names)
        statements = int(chance.paretovariate(1.2))
        iri = f"{DEFAULT_BASE}id/{kind}/{made:x}"
        yield Named(iri, kind, label, names, kind.capitalize(), statements)


def _word(chance: random.Random) -> str:
    return "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))).capitalize()


def _mistyped(name: str, chance: random.Random) -> str:
    at = chance.randrange(len(name))
    return name[:at] + chance.choice(("", "e", name[at] * 2)) + name[at + 1 :]


def _ends(name: str) -> str:
    words = name.split()
    return f"{words[0]} {words[-1]}"


def _shipped() -> str:
    """The names of the shipped seeds: built, each looked for, and each with a typo."""
    with shipped() as (_, release):
        engine = EmbeddedEngine.over(release)
        begun = time.perf_counter()
        search = Search.from_engine(engine, release.iris.base)
        took = time.perf_counter() - begun
        names = [named.label for named in read_names(engine, release.iris.base)]
    console.print(f"shipped: {len(search)} things, built in {took:.2f} s, {_mb(search.size)}")
    chance = random.Random(1)
    return _measured("shipped", names, search.find) or _measured(
        "shipped, one typo", [_mistyped(name, chance) for name in names], search.find
    )


def _measured(name: str, texts: list[str], call: Callable[[str], object]) -> str:
    """Print how long a call takes; return the name if the 95th percentile missed the goal."""
    call(texts[0])
    spent = []
    for text in texts:
        begun = time.perf_counter()
        call(text)
        spent.append((time.perf_counter() - begun) * 1e3)
    half, most, last = np.percentile(spent, (50, 95, 100))
    console.print(f"{name:28} median {half:6.2f} ms   95 % {most:6.2f} ms   longest {last:6.2f} ms")
    return name if most > GOAL_MS else ""


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096


def _peak() -> int:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024


def _mb(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"
