"""What is called the fastest-growing without saying how fast."""

from collections import defaultdict
from collections.abc import Iterator

from graph.audit.facts import Facts, keys, markets, publications
from graph.audit.finding import Finding
from graph.figures.model import Scope, Superlative


def fastest_without_rate(facts: Facts) -> Iterator[Finding]:
    """Each scope that a publication calls the fastest-growing and prints no rate of."""
    rated = {(rate.publication.key, rate.scope) for rate in facts.published.rates}
    called = defaultdict[tuple[str, Scope], list[Superlative]](list)
    for superlative in facts.published.superlatives:
        called[superlative.publication.key, superlative.scope].append(superlative)
    for key, superlatives in called.items():
        if key not in rated:
            yield Finding(
                kind="fastest-without-rate",
                text=(
                    f"{facts.scope_name(key[1])}: called the fastest-growing, and no growth rate"
                    " of it is printed"
                ),
                rests_on=keys(superlatives),
                publications=publications(superlatives),
                markets=markets(superlatives),
            )
