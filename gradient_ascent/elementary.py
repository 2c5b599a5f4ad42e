"""Elementary functions from + - * / alone: the same bits on every machine.

The C library's `exp`, `sin`, `cos` and `pow` may differ in their last bit from
one machine to the next. A run is to be the same everywhere, the reader's
browser included, and IEEE 754 fixes + - * / to the last bit. `exp`, `sin` and
`cos` are within two units in the last place: reduce the argument, then sum
Taylor's polynomial by Horner's rule.
"""

import math
import sys

_LN2 = math.log(2)
# ln 2 and pi/2 as sums of parts; the leading ones end in zero bits, so that a
# whole multiple of them is exact (Cody and Waite, 1980; fdlibm's values).
_LN2_PARTS = (6.93147180369123816490e-01, 1.90821492927058770002e-10)
_HALF_PI = math.pi / 2
_HALF_PI_PARTS = (
    1.57079632673412561417e00,
    6.07710050630396597660e-11,
    2.02226624871116645580e-21,
    8.47842766036889956997e-32,
)
_LARGEST_POWER = math.log(sys.float_info.max)  # of e that is no infinity
_LARGEST_ANGLE = 2.0**20  # beyond it the multiples are exact no more
_LARGEST_EXPONENT = 2.0**20  # beyond it squaring has lost too many digits

# Of Taylor's polynomials, the highest power first.
_EXP = [1 / math.factorial(n) for n in range(14, -1, -1)]
_SIN = [(-1) ** n / math.factorial(2 * n + 1) for n in range(9, -1, -1)]
_COS = [(-1) ** n / math.factorial(2 * n) for n in range(9, -1, -1)]


def exp(x: float) -> float:
    """Natural exponential; inf where a float cannot hold the result."""
    if not -750 < x <= _LARGEST_POWER:
        return math.inf if x > 0 else math.exp(x)
    k = round(x / _LN2)
    return math.ldexp(_polynomial(_EXP, _reduced(x, k, _LN2_PARTS)), k)


def sin(x: float) -> float:
    """Sine of an angle in radians; nan at infinity."""
    return _quarter_turns(x, 0)


def cos(x: float) -> float:
    """Cosine of an angle in radians; nan at infinity."""
    return _quarter_turns(x, 1)


def power(x: float, y: float) -> float:
    """`x` to the power `y`, as IEEE 754 has it; nan where it is not real.

    A whole `y` up to 2**20 is a matter of squaring, which loses no more than
    `y` units in the last place; any other is the C library's.
    """
    x, y = float(x), float(y)
    whole = y.is_integer()
    if whole and abs(y) <= _LARGEST_EXPONENT:
        return _whole_power(x, int(y))
    try:
        return math.pow(x, y)
    except (OverflowError, ValueError):  # raised where C says inf or nan
        if x < 0 and not whole:
            return math.nan
        return math.copysign(math.inf, x) if y % 2 == 1 else math.inf


def _whole_power(x: float, n: int) -> float:
    if n >= 0:
        return _by_squaring(x, n)
    power = _by_squaring(x, -n)
    if 0 < abs(power) < math.inf:
        return 1 / power
    inverse = 1 / x if x else math.copysign(math.inf, x)
    return _by_squaring(inverse, -n)  # what is left of it may be subnormal


def _by_squaring(x: float, n: int) -> float:
    result = 1.0
    while n:
        if n & 1:
            result *= x
        x *= x
        n >>= 1
    return result


def _quarter_turns(x: float, ahead: int) -> float:
    """Sine of `x` plus `ahead` quarter turns."""
    if not math.isfinite(x):
        return math.nan
    if abs(x) > _LARGEST_ANGLE:
        return math.cos(x) if ahead else math.sin(x)
    k = round(x / _HALF_PI)
    r = _reduced(x, k, _HALF_PI_PARTS)
    turns = (k + ahead) % 4
    size = (
        _polynomial(_COS, r * r) if turns % 2 else r * _polynomial(_SIN, r * r)
    )
    return -size if turns >= 2 else size


def _reduced(x: float, k: int, parts: tuple[float, ...]) -> float:
    for part in parts:
        x -= k * part
    return x


def _polynomial(coefficients: list[float], x: float) -> float:
    total = 0.0
    for coefficient in coefficients:
        total = total * x + coefficient
    return total
