"""The reward to go.

An action is not to blame for what came before it. Each step is weighed with the rewards
from there to the end of its episode, a later one with a power of the discount γ. In an
episode of three steps these sums are

    G₁ = r₁ + γ r₂ + γ² r₃
    G₂ = r₂ + γ r₃
    G₃ = r₃

Return G for each step of an episode of any length. Without a discount γ is one.
"""


def reward_to_go(rewards, discount=1.0):
    """G for each step, as a list as long as the rewards."""
    # solution: begin
    found, later = [], 0.0
    for reward in reversed(rewards):
        later = reward + discount * later
        found.append(later)
    return found[::-1]
    # solution: end


# check
CHAPTER = "applications/policy-gradient"
KIND, LEVEL = "compute", 1
HINT = (
    "Begin at the end: after the last step G is zero, and each G is its reward plus γ "
    "times the next G."
)

from gradient_ascent.exercises import Property


def check(solved):
    """Episodes of no, one and several steps, with and without a discount."""
    for rewards, discount in (
        ([5.0, 0.0, -1.0], 1.0),
        ([1.0, 1.0, 1.0], 1.0),
        ([0.0, 0.0, 5.0], 1.0),
        ([2.0], 0.9),
        ([1.0, 2.0, 4.0], 0.5),
        ([], 0.9),
        ([3.0, 1.0, -2.0, 8.0], 0.0),
    ):
        n = len(rewards)
        right = [
            sum(discount ** (k - t) * rewards[k] for k in range(t, n)) for t in range(n)
        ]
        yield Property(
            f"The rewards to go of {rewards} with γ = {discount:g}",
            solved.reward_to_go(list(rewards), discount),
            right,
            {
                "That is the whole return at each step: leave out what came before.": [
                    sum(discount**k * rewards[k] for k in range(n))
                ]
                * n,
                "Those are sums of what came before: sum what comes from t on.": [
                    sum(rewards[: t + 1]) for t in range(n)
                ],
                "The reward of the step itself counts, and counts in full.": [
                    sum(discount ** (k - t) * rewards[k] for k in range(t + 1, n))
                    for t in range(n)
                ],
                "The discount begins anew at each step: its power is k - t.": [
                    sum(discount**k * rewards[k] for k in range(t, n)) for t in range(n)
                ],
                "The discount is missing.": [sum(rewards[t:]) for t in range(n)],
                "They are in the wrong order: the first belongs to the first step.": (
                    right[::-1]
                ),
            },
        )
