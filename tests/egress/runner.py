"""Attacks on the engine alone, in forked copies: `python -m tests.egress.runner < attacks`.

Nothing of ours reads the attacks: the engine gets them as they are. With the wall, each attack that
reaches for something ends a copy; the next copy goes on after it.
"""

import dataclasses
import gc
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from pyoxigraph import (
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QueryTriples,
    RdfFormat,
    Store,
    parse,
)

from graph.template.limits import (
    cause_of_death,
    close_other_files,
    die_with_parent,
    leave_no_core,
    limit_memory,
)
from graph.template.wall import raise_wall
from graph.template.warm import warm_up
from tests.egress.attacks import Attack

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Setting:
    """How to run: `secrets` must be in no output; `endpoint` is in the data."""

    wall: bool
    files: bool
    endpoint: str
    secrets: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """`how` is answer, error, or the cause of death; `leaked` that a secret came out."""

    how: str
    leaked: bool = False


def run_attacks(attacks: Iterable[Attack], setting: Setting) -> dict[str, Outcome]:
    """Run them in a process of their own; return what came of each, by name."""
    request = {
        "setting": dataclasses.asdict(setting),
        "attacks": [dataclasses.asdict(attack) for attack in attacks],
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.egress.runner"],
        cwd=ROOT,
        input=json.dumps(request),
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return {name: Outcome(*outcome) for name, outcome in json.loads(done.stdout).items()}


def attempt(store: Store, attack: Attack) -> str:
    """Give an attack to the engine; return what comes out."""
    if attack.kind == "body":
        form = RdfFormat.from_media_type(attack.media_type)
        assert form is not None
        quads = parse(attack.text.encode(), format=form, base_iri="http://data/document")
        return "\n".join(map(str, quads))
    if attack.kind == "update":
        store.update(attack.text, base_iri="http://data/")
        return (store.dump(format=RdfFormat.N_QUADS) or b"").decode()
    graphs: dict[str, Any] = {}
    if attack.default_graphs or attack.named_graphs:
        graphs["default_graph"] = [NamedNode(g) for g in attack.default_graphs if ":" in g]
        graphs["named_graphs"] = [NamedNode(g) for g in attack.named_graphs if ":" in g]
    found = store.query(attack.text, base_iri="http://data/", **graphs)
    if isinstance(found, QueryTriples):
        return (found.serialize(format=RdfFormat.N_TRIPLES) or b"").decode()
    return (found.serialize(format=QueryResultsFormat.JSON) or b"").decode()


def data(endpoint: str) -> Store:
    """A few statements, so that what stands behind patterns is reached."""
    store = Store()
    s, p, o = (NamedNode(f"http://data/{name}") for name in "spo")
    objects = (o, Literal("loot"), Literal(1), Literal(True), NamedNode("http://data/SERVICE"))
    for graph in (DefaultGraph(), NamedNode("http://data/g")):
        store.extend(Quad(s, p, found, graph) for found in objects)
        store.add(Quad(s, NamedNode(_TYPE), NamedNode("http://data/SERVICE"), graph))
    store.add(Quad(s, NamedNode("http://data/endpoint"), NamedNode(endpoint)))
    return store


def _work(attacks: Sequence[Attack], first: int, setting: Setting, report: int) -> NoReturn:
    store = data(setting.endpoint)
    for number in range(first, len(attacks)):
        os.write(report, f"{number} began\n".encode())
        attack = attacks[number]
        try:
            own = data(setting.endpoint) if attack.kind == "update" else store
            output, how = attempt(own, attack), "answer"
        except BaseException as error:  # noqa: BLE001 - a panic of the engine is one
            output, how = str(error), "error"
        leaked = any(secret in output for secret in setting.secrets)
        os.write(report, f"{number} {how} {'leaked' if leaked else ''}\n".encode())
    os._exit(0)


def _copy(attacks: Sequence[Attack], first: int, setting: Setting) -> dict[str, Outcome]:
    """What came of the attacks from the first on, as far as one copy got."""
    reading, writing = os.pipe()
    words, their_words = os.pipe()
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        die_with_parent(parent)
        os.dup2(their_words, 2)
        if setting.wall:
            raise_wall(files=setting.files)
        _work(attacks, first, setting, writing)
    os.close(writing)
    os.close(their_words)
    outcomes: dict[str, Outcome] = {}
    last = first
    with os.fdopen(reading) as lines:
        for line in lines:
            number, how, *leaked = line.split()
            last = int(number)
            outcomes[attacks[last].name] = Outcome(how, bool(leaked))
    with os.fdopen(words, "rb") as said:
        tail = said.read()
    _, status = os.waitpid(pid, 0)
    if status:
        outcomes[attacks[last].name] = Outcome(cause_of_death(status, tail))
    return outcomes


def main() -> None:
    request = json.load(sys.stdin)
    setting = Setting(**{**request["setting"], "secrets": tuple(request["setting"]["secrets"])})
    attacks = [Attack(**attack) for attack in request["attacks"]]
    warm_up()
    # Once for all copies, which take it over.
    close_other_files(())
    limit_memory(512 * 1024 * 1024)
    leave_no_core()
    gc.freeze()
    outcomes: dict[str, Outcome] = {}
    while len(outcomes) < len(attacks):
        outcomes |= _copy(attacks, len(outcomes), setting)
    json.dump({name: dataclasses.astuple(o) for name, o in outcomes.items()}, sys.stdout)


if __name__ == "__main__":
    main()
