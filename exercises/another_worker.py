"""When another worker stops paying.

With n workers a step takes c / n + 2 (n - 1) (α + S / (n β)) seconds. `compute` is c,
`latency` is α, and `bytes_time` is S / β. Return the smallest whole n for
which another worker would not make the step shorter.
"""


def enough(compute, latency, bytes_time):
    """How many workers are enough."""
    # solution: begin
    n = 1
    while 2 * latency * n * (n + 1) < compute - 2 * bytes_time:
        n = n + 1
    return n
    # solution: end


# check
CHAPTER = "evidence/scaling"
KIND, LEVEL = "compute", 2
HINT = (
    "Multiply the ring's time out first. What is the difference between the times of "
    "n + 1 and n workers, and when is it below zero?"
)

from gradient_ascent.exercises import Property


def seconds(n, compute, latency, bytes_time):
    """The time of a step."""
    return compute / n + 2 * (n - 1) * (latency + bytes_time / n)


def check(solved):
    """Much to compute and little, fast links and slow ones."""
    for compute, latency, bytes_time in (
        (1.0, 1e-3, 0.2),
        (1.0, 1e-3, 0.0),
        (2.0, 0.05, 0.1),
        (0.3, 1e-3, 0.2),
        (0.5, 0.25, 0.0),
        (40.0, 1e-4, 3.0),
        (8.0, 0.7, 1.0),
    ):
        right = 1
        while (
            seconds(right + 1, compute, latency, bytes_time)
            < seconds(right, compute, latency, bytes_time) - 1e-12
        ):
            right += 1
        free = 1
        while 2 * latency * free * (free + 1) < compute:
            free += 1
        best = (max(compute - 2 * bytes_time, 0) / (2 * latency)) ** 0.5
        yield Property(
            f"c = {compute:g}, alpha = {latency:g}, S / beta = {bytes_time:g}",
            solved.enough(compute, latency, bytes_time),
            right,
            {
                "Sharing does not pay here at all: one worker is enough.": 0,
                "The bytes take time as well: take 2 S / beta off c.": free,
                "The last of them does not pay: one fewer is enough.": right + 1,
                "That counts two that make the step longer.": right + 2,
                "Return a whole number of workers.": best,
            },
        )
