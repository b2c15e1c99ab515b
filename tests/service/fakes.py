"""What stands behind the application in these tests: a writer and a control that remember."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pyoxigraph import Store

from graph.delta import apply_delta
from graph.journal import Author
from graph.query import EngineUnavailable, Job
from graph.update import Change, Ownership, evaluate_change
from ontology.vocabulary import prefixes


@dataclass(frozen=True)
class Done:
    existed: bool | None
    inserted: int
    deleted: int
    number: int


@dataclass
class StoreWriter:
    """Writes to a store of this process, as the template does to its own."""

    store: Store
    manifest: Mapping[str, object]
    strict: bool = False
    written: list[tuple[Change, Author, Job | None]] = field(default_factory=list)
    error: Exception | None = None

    def change(self, change: Change, author: Author, job: Job | None = None) -> Done:
        if self.error:
            raise self.error
        copy = Store()
        copy.extend(self.store)
        for name in self.store.named_graphs():
            copy.add_graph(name)
        owners = Ownership.of(self.manifest, strict=self.strict)
        merged = not self.strict
        effect = evaluate_change(copy, change, owners, prefixes(), merged=merged)
        apply_delta(self.store, effect.delta, merged=merged)
        self.written.append((change, author, job))
        return Done(effect.existed, effect.inserted, effect.deleted, len(self.written))


@dataclass(frozen=True)
class Visitor:
    id: str
    client: str = "192.0.2.7"
    query: str = "ASK {}"
    state: Literal["waiting", "running"] = "running"
    seconds: float = 1.23456


@dataclass
class FakeControl:
    visitors: dict[str, Visitor] = field(default_factory=dict)
    gone: bool = False

    def running(self) -> Sequence[Visitor]:
        return list(self.visitors.values())

    def cancel(self, id_: str) -> bool:
        return self.visitors.pop(id_, None) is not None

    def status(self) -> Mapping[str, object]:
        if self.gone:
            raise EngineUnavailable("the engine stopped")
        return {"workers": 3}
