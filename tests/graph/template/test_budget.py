"""The sum is what it says, and a service that does not fit does not start."""

from dataclasses import replace

import pytest

from graph.remote.graphs import most_memory
from graph.template.budget import (
    Budget,
    DoesNotFit,
    default_total,
    resident_memory,
    usual_worker_memory,
)
from graph.template.options import MIB, Options


def budget(total: int) -> Budget:
    options = Options(data="", release="", socket="", workers=3, worker_memory=100, max_result=10)
    return Budget(template=50, options=options, front=40, total=total)


def test_the_sum_is_printed_as_it_is_made() -> None:
    # The data for the template and four workers, what these may use, two copies of an answer for
    # each of three, and the front.
    assert budget(900).needed == 250 + 400 + 60 + 40
    assert str(budget(900)) == (
        "memory: 5 x 50 (data) + 4 x 100 (workers) + 2 x 3 x 10 (answers) + 40 "
        "(cache and sending) = 750 MiB of 900 MiB"
    )


def test_a_large_graph_from_elsewhere_is_in_the_sum() -> None:
    elsewhere = replace(budget(900), graph=80)
    assert elsewhere.needed == budget(900).needed + 80
    assert "(answers) + 80 (a large graph) + 40 (cache and sending) = 830 MiB" in str(elsewhere)
    with pytest.raises(DoesNotFit, match="--max-result"):
        replace(elsewhere, total=829).check()


def test_what_does_not_fit_is_refused_with_the_sum_and_the_remedy() -> None:
    budget(750).check()
    with pytest.raises(DoesNotFit, match=r"750 MiB of 749 MiB.*--worker-memory"):
        budget(749).check()


def test_what_the_machine_tells_is_plausible() -> None:
    assert default_total() > 100
    assert MIB < resident_memory() < default_total() * MIB


@pytest.mark.parametrize(("gib", "memory"), [(2, 131), (1, 128), (4, 262), (8, 512), (64, 512)])
def test_a_small_machine_gives_a_query_less(
    monkeypatch: pytest.MonkeyPatch, gib: int, memory: int
) -> None:
    monkeypatch.setattr("graph.template.budget.machine_memory", lambda: gib * 1024 * MIB)
    assert usual_worker_memory() == memory
    options = Options(data="", release="", socket="", worker_memory=memory)
    shipped = Budget(template=160, options=options, front=352, total=default_total())
    assert (shipped.needed <= shipped.total) is (gib >= 4)
    # The template of a database elsewhere has networks and no statements.
    elsewhere = replace(shipped, template=60, graph=most_memory(options.max_result))
    assert (elsewhere.needed <= elsewhere.total) is (gib >= 4)
