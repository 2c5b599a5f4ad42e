"""The gradient of an expected reward.

A machine's arms pay `rewards`. Your policy pulls each arm with the probability that the
softmax of θ gives it, which for three arms is

    πₐ = exp θₐ / (exp θ₁ + exp θ₂ + exp θ₃)

It earns f, the mean of the rewards by these probabilities. Return the uphill gradient
of f in θ, for any number of arms.
"""

import math


def gradient(theta, rewards):
    """The derivatives of the expected reward, as a list."""
    # solution: begin
    parts = [math.exp(each) for each in theta]
    pi = [each / sum(parts) for each in parts]
    f = sum(p * r for p, r in zip(pi, rewards))
    return [p * (r - f) for p, r in zip(pi, rewards)]
    # solution: end


# check
CHAPTER = "applications/policy-gradient"
KIND, LEVEL = "compute", 2
HINT = (
    "The derivative of π_c by θ_a is π_a (1 - π_a) for c = a, and -π_a π_c otherwise. "
    "Sum over c what it does to f, and take π_a out."
)

from gradient_ascent.exercises import Property


def check(solved):
    """Held against the closed form; machines of one, two, three and four arms."""
    for theta, rewards in (
        ([0.0, 0.0, 0.0], [1.0, 0.7, 0.0]),
        ([0.0, 1.0], [1.0, 0.0]),
        ([2.0, -1.0, 0.5], [0.3, 5.0, -2.0]),
        ([0.7], [3.0]),
        ([1.0, 2.0, 3.0, 4.0], [1.0, 1.0, 1.0, 1.0]),
        ([1.0, -1.0, 0.0, 2.0], [10.0, 11.0, 12.0, 10.5]),
    ):
        parts = [math.exp(each) for each in theta]
        pi = [each / sum(parts) for each in parts]
        f = sum(p * r for p, r in zip(pi, rewards))
        mean = sum(rewards) / len(rewards)
        yield Property(
            f"The gradient at θ = {theta} for the rewards {rewards}",
            solved.gradient(list(theta), list(rewards)),
            [p * (r - f) for p, r in zip(pi, rewards)],
            {
                "That is downhill: raise the logit of an arm that pays more than f.": [
                    p * (f - r) for p, r in zip(pi, rewards)
                ],
                "What an arm takes from the others is missing: subtract f.": [
                    p * r for p, r in zip(pi, rewards)
                ],
                "Each entry has the factor π_a: a rare arm hardly counts.": [
                    r - f for r in rewards
                ],
                "f is the mean by the policy's probabilities, not of all arms alike.": [
                    p * (r - mean) for p, r in zip(pi, rewards)
                ],
                "That is the derivative if the other probabilities stayed.": [
                    p * (1 - p) * r for p, r in zip(pi, rewards)
                ],
            },
        )
