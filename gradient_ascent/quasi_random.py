"""Quasi-random points: as even as a grid, and none shares a coordinate."""

from gradient_ascent.arguments import check_whole

PRIMES = (2, 3, 5, 7, 11, 13, 17, 19)


def radical_inverse(index: int, base: int) -> float:
    r"""Mirror the digits of a whole number at the point.

    .. math:: i = \sum_k d_k b^k \quad \mapsto \quad
        \phi_b(i) = \sum_k d_k b^{-k-1}

    The numbers 0, 1, 2, ... become points of [0, 1), and each new one falls
    into the largest gap, or one of those. With b = 2 it is van der Corput's
    sequence.

    >>> [radical_inverse(i, 2) for i in range(1, 6)]
    [0.5, 0.25, 0.75, 0.125, 0.625]

    Args:
        index: i, 0 or more.
        base: b, 2 or more.

    Raises:
        TypeError: an argument that is not whole.
        ValueError: a negative index, or a base below 2.

    Source: van der Corput (1935).
    """
    check_whole("radical_inverse", "index", index, least=0)
    check_whole("radical_inverse", "base", base, least=2)
    mirrored, size = 0, 1
    while index:
        index, digit = divmod(index, base)
        mirrored, size = mirrored * base + digit, size * base
    return mirrored / size


def halton(count: int, dimension: int) -> list[tuple[float, ...]]:
    r"""Halton's points in the unit cube: a prime base for each coordinate.

    .. math:: x_i = (\phi_2(i), \phi_3(i), \phi_5(i), \dots),
        \qquad i = 1, \dots, n

    To have others that are as even, add a random vector to all of them, and
    leave off what is before the point. Beyond eight coordinates the large bases
    make pairs of them alike for long, and another sequence does better.

    >>> halton(2, 2)
    [(0.5, 0.3333333333333333), (0.25, 0.6666666666666666)]

    Args:
        count: n.
        dimension: how many coordinates, from 1 to 8.

    Raises:
        TypeError: an argument that is not whole.
        ValueError: a negative count, or a dimension below 1 or above 8.

    Source: Halton (1960).
    """
    check_whole("halton", "count", count, least=0)
    check_whole("halton", "dimension", dimension, least=1)
    if dimension > len(PRIMES):
        raise ValueError(
            f"halton: dimension must be at most {len(PRIMES)}, got {dimension}"
        )
    return [
        tuple(radical_inverse(i, base) for base in PRIMES[:dimension])
        for i in range(1, count + 1)
    ]
