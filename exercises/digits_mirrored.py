"""Digits mirrored at the point.

Write i in base b: i = d₀ + d₁ b + d₂ b² and so on. Its radical inverse has the same
digits behind the point, in the other order:

    φ = d₀ / b + d₁ / b² + d₂ / b³

and so on. Return φ. With b = 2 the numbers 1, 2, 3, 4 give 1/2, 1/4, 3/4, 1/8: each
new one falls into a largest gap.
"""


def radical_inverse(i, base):
    """A number in [0, 1)."""
    # solution: begin
    found, size = 0.0, 1.0
    while i:
        i, digit = divmod(i, base)
        size = size / base
        found += digit * size
    return found
    # solution: end


# check
CHAPTER = "practice/tuning"
KIND, LEVEL = "compute", 2
HINT = (
    "`divmod(i, base)` gives the other digits, and the last one. The last digit of i "
    "is the first behind the point."
)

from gradient_ascent import quasi_random
from gradient_ascent.exercises import Property


def in_order(i, base):
    """The digits behind the point in the order that they had before it."""
    digits = []
    while i:
        i, digit = divmod(i, base)
        digits.append(digit)
    return sum(digit / base**k for k, digit in enumerate(reversed(digits), 1))


def check(solved):
    """Small numbers in base two, three and ten, and zero."""
    for i, base in ((1, 2), (6, 2), (11, 2), (5, 3), (47, 3), (1234, 10), (0, 5)):
        right = quasi_random.radical_inverse(i, base)
        yield Property(
            f"The radical inverse of {i} in base {base}",
            solved.radical_inverse(i, base),
            right,
            {
                "The last digit comes first behind the point.": in_order(i, base),
                "The first digit behind the point counts 1/b.": right * base,
                "Divide by one power of the base less.": right / base,
            },
        )
