"""Responsibilities, far from all means.

`logs` holds for one point the logarithm of each component's weight times its density.
Return the responsibilities: the share of each component in the density at the point, so
that they sum to 1. Far from all means every `exp` of them is zero in floating point;
the shares must be right all the same.
"""

from math import exp


def responsibilities(logs):
    """The shares of the components, as a list, from those logarithms."""
    # solution: begin
    highest = max(logs)
    parts = [exp(each - highest) for each in logs]
    return [part / sum(parts) for part in parts]
    # solution: end


# check
CHAPTER = "applications/mixtures"
KIND, LEVEL = "compute", 2
HINT = (
    "To subtract one number from all logarithms changes no share. Which number keeps "
    "one `exp` at 1, and the others below?"
)

from gradient_ascent.exercises import Property


def right(logs):
    """The shares, with the highest number subtracted."""
    parts = [exp(each - max(logs)) for each in logs]
    return [part / sum(parts) for part in parts]


def check(solved):
    """Points near the means, far from them, and with a component that is empty."""
    for logs in (
        [-1.0, -2.0],
        [0.5, 0.5, 0.5],
        [-3.0, 2.0, -1.0],
        [-1000.0, -1001.0],
        [-2000.0, -900.0, -901.5],
        [800.0, 799.0],
        [-4.0],
        [-1.0, -float("inf")],
    ):
        answer = right(logs)
        yield Property(
            f"The shares of {logs}",
            solved.responsibilities(list(logs)),
            answer,
            {
                "These do not sum to one: divide by the sum.": [
                    exp(each - max(logs)) for each in logs
                ],
                "The shares are those of the densities, not of their logarithms.": [
                    each / sum(logs) if sum(logs) else 0.0 for each in logs
                ],
                "All to the likeliest component: that is what k-means does. A share "
                "says how likely each is.": [float(each == max(logs)) for each in logs],
            },
        )
