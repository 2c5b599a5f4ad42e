"""A market in equilibrium.

The price is `top` less all that is brought. A firm that pays c for each good brings the
price less c, or nothing where that is negative. With the k cheapest firms in the market
the price is the sum of `top` and their costs, divided by k + 1. Begin without firms,
and let the next cheapest in while its cost is below the price. Return what each firm
brings.
"""


def equilibrium(costs, top):
    """What each firm brings, in the order of `costs`, as a list."""
    # solution: begin
    price, total = top, top
    for k, cost in enumerate(sorted(costs), start=1):
        if cost >= price:
            break
        total += cost
        price = total / (k + 1)
    return [max(price - cost, 0.0) for cost in costs]
    # solution: end


# check
CHAPTER = "applications/games"
KIND, LEVEL = "compute", 2
HINT = (
    "Go through the sorted costs with a running sum that begins at `top`. Stop at the "
    "first firm whose cost is not below the price without it."
)

from gradient_ascent.exercises import Property


def check(solved):
    """Firms alike, unlike, alone, and some that stay out."""
    for costs, top, right in (
        ([10.0, 10.0], 100.0, [30.0, 30.0]),
        ([10.0, 40.0], 100.0, [40.0, 10.0]),
        ([20.0], 100.0, [40.0]),
        ([10.0, 90.0, 40.0, 100.0], 100.0, [40.0, 0.0, 10.0, 0.0]),
        ([70.0, 10.0, 40.0, 30.0, 20.0], 100.0, [0.0, 30.0, 0.0, 10.0, 20.0]),
        ([5.0, 6.0], 4.0, [0.0, 0.0]),
    ):
        price = next((c + q for c, q in zip(costs, right) if q), top)
        crowded = (top + sum(costs)) / (len(costs) + 1)
        alone = (top + min(costs)) / 2
        yield Property(
            f"What firms with costs {costs} bring where the price is {top:g} - Q",
            solved.equilibrium(list(costs), top),
            right,
            {
                "Firms that stay out have no part in the price.": [
                    max(crowded - cost, 0.0) for cost in costs
                ],
                "A firm cannot bring less than nothing.": [
                    price - cost for cost in costs
                ],
                "That is the price of the cheapest firm alone.": [
                    max(alone - cost, 0.0) for cost in costs
                ],
            },
        )
