"""Quantiles of Student's t distribution, for any real number of degrees of freedom.

Computed with decimals of 80 digits and rounded once, so they are the same on every machine and
right to the last bit or nearly so. Numbers in brackets are formulas of the NIST Digital Library of
Mathematical Functions (https://dlmf.nist.gov).

With a = df/2 and x = df/(df + t²), the tail beyond t > 0 is I_x(a, 1/2)/2 (I the regularised
incomplete beta function): in the tail its continued fraction [8.17.22], in the middle the series of
its complement [8.17.8], which has only positive terms. The quantile is found by Newton's method on
the logarithms of both, of which the one is a concave function of the other, and nearly a line where
tails are heavy.
"""

from decimal import Context, Decimal, localcontext
from fractions import Fraction
from functools import cache, lru_cache
from math import comb, exp, expm1, inf, lgamma, log
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

_PRECISION = 80
_SMALL = Decimal(10) ** -60  # what is left out of sums, relatively
_CONVERGED = Decimal(10) ** -30
_LARGE = Decimal(10) ** 20  # from here on normal: what differs is 1e-20 of a quantile
_ASYMPTOTIC = 45  # from here on 40 terms of Stirling's series have 80 digits
_HALF = Decimal("0.5")


def quantile(p: ArrayLike, df: ArrayLike) -> NDArray[np.float64]:
    """The quantile at probability `p` for `df` degrees of freedom, of their common shape.

    NaN where `p` does not lie between 0 and 1 or `df` is not above zero; an infinite `df` is the
    normal distribution; infinite where it is beyond the greatest float64. Each distinct pair is
    computed once (a few milliseconds) and kept.
    """
    chances, freedoms = np.broadcast_arrays(np.asarray(p, np.float64), np.asarray(df, np.float64))
    found = np.full(chances.shape, np.nan)
    known = (chances > 0) & (chances < 1) & (freedoms > 0)
    some, which = np.unique(chances[known], return_inverse=True)
    others, other = np.unique(freedoms[known], return_inverse=True)
    pairs, pair = np.unique(which * len(others) + other, return_inverse=True)
    each = [_quantile(float(some[n // len(others)]), float(others[n % len(others)])) for n in pairs]
    found[known] = np.array(each, np.float64)[pair]
    return found


@lru_cache(maxsize=4096)
def _quantile(p: float, df: float) -> float:
    if p == 0.5:
        return 0.0
    with localcontext(Context(prec=_PRECISION)):
        tail = min(Decimal(p), 1 - Decimal(p))
        freedom = _LARGE if df == inf else min(Decimal(df), _LARGE)
        found = _beyond(tail, freedom)
    return -found if p < 0.5 else found


def _beyond(tail: Decimal, df: Decimal) -> float:
    """The t > 0 beyond which lies `tail`, less than a half."""
    start = _start(float(tail), float(df))
    if start > 800:  # exp(710) is the greatest float64
        return inf
    a = df / 2
    beta = _pi().sqrt() / _gamma_ratio(a)
    at = Decimal(start).exp()
    for _ in range(200):
        beyond, density = _tail(at, df, beta)
        step = (beyond / tail).ln() * beyond / (at * density)
        at *= step.exp()
        if abs(step) < _CONVERGED:
            break
    return float(at)


def _start(tail: float, df: float) -> float:
    """The logarithm of a t from which Newton's method finds the quantile."""
    if df < 1:  # the first term of the tail's series
        a = df / 2
        beta = lgamma(a) + lgamma(0.5) - lgamma(a + 0.5)
        log_x = min(0.0, (log(2 * tail) + log(a) + beta) / a)
        odds = max(1 - exp(log_x), 1e-4)
        return (log(df) + log(odds) - log_x) / 2
    # Peizer and Pratt (1968), Journal of the American Statistical Association 63, 1416-1456
    z = NormalDist().inv_cdf(tail)
    power = z * z * (df - 5 / 6) / (df - 2 / 3 + 0.1 / df) ** 2
    if power < 1e-6:
        return log(-z)
    return (log(df) + (power if power > 50 else log(expm1(power)))) / 2


def _tail(t: Decimal, df: Decimal, beta: Decimal) -> tuple[Decimal, Decimal]:
    """The probability beyond t > 0, and the density there."""
    a = df / 2
    rest = df + t * t
    x, y = df / rest, t * t / rest
    scale = (a * x.ln()).exp() * y.sqrt() / beta
    density = scale / t  # x^a √y / (B t) = (1 + t²/df)^(-(df + 1)/2) / (B √df)
    if x < (a + 1) / (a + Decimal("2.5")):
        return scale / (2 * a) * _fraction(a, x), density
    return _HALF - scale * _series(a, y), density


def _series(a: Decimal, y: Decimal) -> Decimal:
    """Σ (a + 1/2)ₙ / (3/2)ₙ yⁿ, as in [8.17.8] for I_y(1/2, a)."""
    total = term = Decimal(1)
    n = Decimal(0)
    while term > total * _SMALL:
        term *= (a + _HALF + n) / (n + Decimal("1.5")) * y
        total += term
        n += 1
    return total


def _fraction(a: Decimal, x: Decimal) -> Decimal:
    """The continued fraction of I_x(a, 1/2) [8.17.22], by Lentz's method."""
    value = c = Decimal(1)
    d = 1 / (1 + _partial(1, a, x))
    value *= d
    for n in range(2, 1_000_000):
        part = _partial(n, a, x)
        d = 1 / (1 + part * d)
        c = 1 + part / c
        value *= c * d
        if abs(c * d - 1) < _SMALL:
            break
    return value


def _partial(n: int, a: Decimal, x: Decimal) -> Decimal:
    """The nth partial numerator [8.17.23] with b = 1/2."""
    m = n // 2
    if n % 2:
        return -(a + m) * (a + _HALF + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    return m * (_HALF - m) * x / ((a + 2 * m - 1) * (a + 2 * m))


def _gamma_ratio(a: Decimal) -> Decimal:
    """Γ(a + 1/2) / Γ(a), by the recurrence [5.5.1] up to where Stirling's series holds."""
    product = Decimal(1)
    while a < _ASYMPTOTIC:
        product *= a / (a + _HALF)
        a += 1
    log_ratio = a * ((a + _HALF) / a).ln() - _HALF + _stirling(a + _HALF) - _stirling(a)
    return product * log_ratio.exp() * a.sqrt()


def _stirling(a: Decimal) -> Decimal:
    """The rest ln Γ(a) - ((a - 1/2) ln a - a + ln(2π)/2), as in [5.11.1]."""
    total = Decimal(0)
    for k in range(1, 41):
        number = _bernoulli(2 * k)
        factor = Decimal(number.numerator) / Decimal(number.denominator)
        total += factor / (2 * k * (2 * k - 1) * a ** (2 * k - 1))
    return total


@cache
def _bernoulli(n: int) -> Fraction:
    """The nth Bernoulli number [24.5.3]."""
    if n == 0:
        return Fraction(1)
    return -sum((comb(n + 1, k) * _bernoulli(k) for k in range(n)), Fraction(0)) / (n + 1)


@lru_cache(maxsize=1)
def _pi() -> Decimal:
    """π to 80 digits, by Machin's formula 16 atan(1/5) - 4 atan(1/239)."""

    def inverse_tangent(n: int) -> Decimal:
        total, power, k = Decimal(0), Decimal(1) / n, 0
        while power > _SMALL * _CONVERGED:
            total += (-1) ** k * power / (2 * k + 1)
            power /= n * n
            k += 1
        return total

    return 16 * inverse_tangent(5) - 4 * inverse_tangent(239)
