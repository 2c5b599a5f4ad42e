"""The best baseline.

From one pull of arm a, with probability `policy[a]` and reward `rewards[a]`, the
gradient of the expected reward is estimated as

    g = (rₐ - b) (eₐ - π)

where the vector e has a one at arm a and zeros elsewhere. The mean of g is the gradient
for every b. Return the b for which the variance of g, summed over its entries, is
least.
"""


def best_baseline(policy, rewards):
    """The baseline of the least variance."""
    # solution: begin
    squares = sum(p * p for p in policy)
    weights = [p * (1 - 2 * p + squares) for p in policy]
    return sum(w * r for w, r in zip(weights, rewards)) / sum(weights)
    # solution: end


# check
CHAPTER = "applications/policy-gradient"
KIND, LEVEL = "compute", 3
HINT = (
    "The mean of (r_a - b)² |e_a - π|² is a quadratic in b. Its minimum is the mean of "
    "the rewards with the weights π_a |e_a - π|². Of e_a - π the entry of arm a is "
    "1 - π_a, the others are -π_b."
)

from gradient_ascent.exercises import Property


def check(solved):
    """Two, three and four arms, even and leaning policies."""
    for policy, rewards in (
        ([0.5, 0.5], [1.0, 0.0]),
        ([0.9, 0.1], [1.0, 0.0]),
        ([0.2, 0.3, 0.5], [1.0, 0.7, 0.0]),
        ([0.01, 0.915, 0.075], [1.0, 0.7, 0.0]),
        ([0.25, 0.25, 0.25, 0.25], [4.0, -1.0, 2.0, 3.0]),
        ([0.7, 0.1, 0.1, 0.1], [11.0, 10.0, 12.0, 10.0]),
    ):
        squares = sum(p * p for p in policy)
        lengths = [1 - 2 * p + squares for p in policy]

        def mean(weights, rewards=rewards):
            """The weighted mean of the rewards."""
            return sum(w * r for w, r in zip(weights, rewards)) / sum(weights)

        yield Property(
            f"The best baseline of the policy {policy} for the rewards {rewards}",
            solved.best_baseline(list(policy), list(rewards)),
            mean([p * each for p, each in zip(policy, lengths)]),
            {
                "That is the mean reward: it leaves out how long the scores are.": mean(
                    policy
                ),
                "Each arm counts as often as it is pulled: the weight has a π_a.": mean(
                    lengths
                ),
                "Take the square of the score's length.": mean(
                    [p * each**0.5 for p, each in zip(policy, lengths)]
                ),
                "The score has an entry for each arm, not only for the one pulled.": (
                    mean([p * (1 - p) ** 2 for p in policy])
                ),
            },
        )
