"""How far something long has come, told on standard error: how many, how fast, how long still."""

import time
from typing import Self

import click

_SECONDS = 5.0
"""Between two lines."""


class Pace:
    """Lines on standard error every few seconds, and one at the end of the block."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._done = self._before = 0
        self._begun = self._said = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def at(self, done: int, total: int | None = None) -> None:
        """Take note that `done` are behind us, of `total` where that is known."""
        now = time.monotonic()
        self._done = done
        if now - self._said < _SECONDS:
            return
        # Of late: how fast it began says little of how long it still takes.
        rate = (done - self._before) / (now - self._said)
        self._said, self._before = now, done
        left = f", {(total - done) / rate:,.0f} s to go" if total and rate else ""
        click.echo(f"{done:,} {self._what}, {rate:,.0f} a second{left}", err=True)

    def __exit__(self, failed: object, *_: object) -> None:
        if failed is None:
            seconds = time.monotonic() - self._begun
            rate = self._done / seconds if seconds else 0.0
            told = f"{self._done:,} {self._what} in {seconds:,.1f} s, {rate:,.0f} a second"
            click.echo(told, err=True)
