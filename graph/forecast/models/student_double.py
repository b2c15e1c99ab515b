"""Student's t distribution in double precision, for thousands of values at once.

`student` has quantiles to the last bit, a few milliseconds each; draws and scores
need many, and 10 digits will do. Numbers in brackets are formulas of the NIST Digital Library of
Mathematical Functions (https://dlmf.nist.gov). With a = df/2 and x = df/(df + t^2), the tail beyond
t > 0 is I_x(a, 1/2)/2: its continued fraction [8.17.22] far out, the series of the complement
[8.17.8] in the middle.
"""

from math import erfc, lgamma, log, pi, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_EPSILON = 1e-16
_MOST_TERMS = 100_000
# From here on the normal distribution, from which the tails differ by z^4 / (4 df), relatively.
_NORMAL = 1e8
# Γ(a + 1/2) / (Γ(a) √a) in powers of 1/a [5.11.13]; six digits of a make it exact.
_GAMMA_RATIO = (1.0, -1 / 8, 1 / 128, 5 / 1024, -21 / 32768, -399 / 262144)


def gamma_ratio(a: float) -> float:
    """Γ(a + 1/2) / Γ(a), a > 0."""
    if a < 200:
        return float(np.exp(lgamma(a + 0.5) - lgamma(a)))
    return sqrt(a) * sum(factor / a**power for power, factor in enumerate(_GAMMA_RATIO))


def density(t: Floats, df: float) -> Floats:
    """The density of Student's t with `df` > 0 degrees of freedom; infinity: the normal one."""
    if df >= _NORMAL:
        return np.asarray(np.exp(-t * t / 2) / sqrt(2 * pi))
    norm = gamma_ratio(df / 2) / sqrt(df * pi)
    return norm * np.exp(-(df + 1) / 2 * np.log1p(t * t / df))


def distribution(t: Floats, df: float) -> Floats:
    """P(T <= t) for Student's t with `df` > 0 degrees of freedom; infinity: the normal one."""
    beyond = tail(np.abs(t), df)
    return np.where(t < 0, beyond, 1.0 - beyond)


def tail(t: Floats, df: float) -> Floats:
    """P(T > t) for t >= 0, to 9 digits or more, also where it is small."""
    if df >= _NORMAL:
        return np.array([erfc(one / sqrt(2)) / 2 for one in t.ravel()]).reshape(t.shape)
    a = df / 2
    x, y = df / (df + t * t), t * t / (df + t * t)
    scale = np.exp(-a * np.log1p(t * t / df)) * np.sqrt(y) * gamma_ratio(a) / sqrt(pi)
    far = x < (a + 1) / (a + 2.5)
    found = np.empty_like(t)
    found[far] = scale[far] / (2 * a) * _fraction(a, x[far])
    found[~far] = 0.5 - scale[~far] * _series(a, y[~far])
    return found


def quantiles(p: Floats, df: float) -> Floats:
    """The quantiles at probabilities `p` in (0, 1), by Newton's method on the logs of both.

    An infinite df is the normal distribution. Infinite where the square is beyond a double.
    """
    lesser = np.minimum(p, 1.0 - p)
    middle = lesser == 0.5
    normal = np.array([NormalDist().inv_cdf(one) for one in lesser.ravel()]).reshape(p.shape)
    if df >= _NORMAL:
        found = -normal
    else:
        logs = _start(lesser, normal, df)
        for _ in range(100):
            at = np.exp(np.minimum(logs, 350.0))
            beyond = tail(at, df)
            step = np.log(beyond / lesser) * beyond / (at * density(at, df))
            step[middle] = 0.0
            logs = logs + step
            if not np.any(np.abs(step) > 1e-14):
                break
        with np.errstate(over="ignore"):
            found = np.exp(logs)
    found[middle] = 0.0
    return np.where(p < 0.5, -found, found)


def _start(lesser: Floats, normal: Floats, df: float) -> Floats:
    """The logs of values from which Newton's method finds the quantiles."""
    if df < 1:  # the first term of the tail's series
        a = df / 2
        log_x = np.minimum(0.0, (np.log(2 * lesser) + log(a) - log(gamma_ratio(a) / sqrt(pi))) / a)
        odds = np.maximum(1 - np.exp(log_x), 1e-4)
        return np.asarray((log(df) + np.log(odds) - log_x) / 2)
    # Peizer and Pratt (1968), Journal of the American Statistical Association 63, 1416-1456
    power = normal * normal * (df - 5 / 6) / (df - 2 / 3 + 0.1 / df) ** 2
    return np.asarray(np.log(np.maximum(np.sqrt(df * np.expm1(power)), 1e-17)))


def _series(a: float, y: Floats) -> Floats:
    """Σ (a + 1/2)ₙ / (3/2)ₙ yⁿ, as in [8.17.8] for I_y(1/2, a)."""
    total, term = np.ones_like(y), np.ones_like(y)
    for n in range(_MOST_TERMS):
        term = term * ((a + 0.5 + n) / (1.5 + n)) * y
        total = total + term
        if not np.any(term > total * _EPSILON):
            break
    return total


def _fraction(a: float, x: Floats) -> Floats:
    """The continued fraction of I_x(a, 1/2) [8.17.22], by Lentz's method."""
    c = np.ones_like(x)
    d = 1 / (1 + _partial(1, a) * x)
    value = d.copy()
    for n in range(2, _MOST_TERMS):
        part = _partial(n, a) * x
        d = 1 / (1 + part * d)
        c = 1 + part / c
        value = value * (c * d)
        if not np.any(np.abs(c * d - 1) > 4 * _EPSILON):
            break
    return value


def _partial(n: int, a: float) -> float:
    """The nth partial numerator [8.17.23] with b = 1/2, without its x."""
    m = n // 2
    if n % 2:
        return -(a + m) * (a + 0.5 + m) / ((a + 2 * m) * (a + 2 * m + 1))
    return m * (0.5 - m) / ((a + 2 * m - 1) * (a + 2 * m))
