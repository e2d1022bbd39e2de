"""The laws in decimal arithmetic, from their definitions: an oracle that shares no code.

With enough digits the textbook formulas may cancel as they like.
"""

from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache

#: Enough for tails at 30 standard deviations, where 1 - Phi is some 1e-198.
DIGITS = 300


def _pi() -> Decimal:
    """Return pi by Machin's formula, 16 atan(1/5) - 4 atan(1/239)."""

    def arctangent(n: int) -> Decimal:
        power, total, k = Decimal(1) / n, Decimal(0), 1
        while abs(power) > Decimal(10) ** -(DIGITS + 5):
            total += power / k
            power, k = -power / (n * n), k + 2
        return total

    with localcontext() as context:
        context.prec = DIGITS + 10
        return 16 * arctangent(5) - 4 * arctangent(239)


PI = _pi()


def dec(x: float | Fraction) -> Decimal:
    """Return x exactly (a float) or to all digits (a fraction)."""
    return Decimal(x) if isinstance(x, float) else Decimal(x.numerator) / Decimal(x.denominator)


@cache
def normal(a: Decimal) -> tuple[Decimal, Decimal]:
    """Return density and distribution function of the standard normal."""
    with localcontext() as context:
        context.prec = DIGITS
        density = (-a * a / 2).exp() / (2 * PI).sqrt()
        # Phi(a) = 1/2 + phi(a) (a + a^3/3 + a^5/(3*5) + ...)
        term = total = a
        n = 0
        while total and abs(term / total) > Decimal(10) ** -DIGITS:
            n += 1
            term = term * a * a / (2 * n + 1)
            total += term
        return density, Decimal("0.5") + density * total


def improvement(mu: float | Decimal, sigma: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    """Return Pr[KEEP], E[I] and Var[I] of an experiment."""
    with localcontext() as context:
        context.prec = DIGITS
        m = -(mu if isinstance(mu, Decimal) else dec(mu))
        density, p = normal(m / sigma)
        mean = m * p + sigma * density
        square = (m * m + sigma * sigma) * p + m * sigma * density
        return p, mean, square - mean * mean


def run(n: int, sigma0: float, gamma: float, mu: float, price: float = 0.0) -> dict[str, Decimal]:
    """Return every moment of a run of n experiments, each as the sum that defines it."""
    with localcontext() as context:
        context.prec = DIGITS
        steps = [dec(sigma0) * dec(gamma) ** t for t in range(n)]
        rows = [improvement(dec(mu) + dec(price) * s * s, s) for s in steps]
        nothing = Decimal(1)
        for p, _, _ in rows:
            nothing *= 1 - p
        return {
            "gain": sum(mean for _, mean, _ in rows),
            "frontier_std": sum(var for _, _, var in rows).sqrt(),
            "gain_area": sum((n - s) * row[1] for s, row in enumerate(rows)),
            "gain_area_std": sum((n - s) ** 2 * row[2] for s, row in enumerate(rows)).sqrt(),
            "keeps": sum(p for p, _, _ in rows),
            "keeps_std": sum(p * (1 - p) for p, _, _ in rows).sqrt(),
            "no_keep": nothing,
        }
