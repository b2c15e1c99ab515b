"""What a publisher would print of a market: integers throughout, so no digit depends on a CPU."""

from graph.synthetic.draw import Draw

_YEARS = 9
_SPREAD = 41


def sizes(draw: Draw, market: int, year: int) -> tuple[int, list[tuple[int, int]]]:
    """A growth rate in tenths of a percent, and what a market is worth in each year from `year`.

    Worth is in hundredths of a billion. A market has a size that all publishers start from, and
    each goes astray by up to a fifth to either side, so that their figures conflict.
    """
    rate = 60 + draw.below(140)
    value = (500 + 350 * market) * (80 + draw.below(_SPREAD)) // 100
    series = []
    for n in range(_YEARS):
        series.append((year + n, value))
        value = value * (1000 + rate) // 1000
    return rate, series


def growth(rate: int) -> str:
    """A rate in tenths of a percent, as it is printed."""
    return f"{rate // 10}.{rate % 10}"
