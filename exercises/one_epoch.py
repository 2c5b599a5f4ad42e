"""An epoch of mini-batches.

The objective is the mean of -(θ - a)² / 2 over the numbers a in `data`. Deal the data
out in their order, `size` at a time; the last batch may be smaller. Climb one step of
plain ascent with each batch, and return where the epoch ends.
"""


def epoch(theta, data, size, lr):
    """Where an epoch leads from theta."""
    # solution: begin
    for k in range(0, len(data), size):
        batch = data[k : k + size]
        gradient = sum(a - theta for a in batch) / len(batch)
        theta = theta + lr * gradient
    return theta
    # solution: end


# check
CHAPTER = "first-order/stochastic"
KIND, LEVEL = "compute", 2
HINT = (
    "`range(0, len(data), size)` has where the batches begin. The uphill gradient of "
    "one datum is a - θ; that of a batch is the mean of these, at the θ of now."
)

from gradient_ascent import rules
from gradient_ascent.exercises import Property


def walked(theta, batches, lr, divide=len, renewed=True, sign=1):
    """Along given batches, by the rule itself."""
    here = theta
    for batch in batches:
        at = here if renewed else theta
        gradient = sum(a - at for a in batch) / divide(batch)
        here = here + rules.plain(sign * gradient, lr=lr)[0]
    return here


def check(solved):
    """Batches that come out even and that do not, of one, and of all."""
    for theta, data, size, lr in (
        (7.0, [6.0, 1.0, 3.0, 2.0], 2, 0.5),
        (7.0, [6.0, 1.0, 3.0, 2.0], 1, 0.5),
        (0.0, [1.0, 2.0, 4.0, 8.0, 16.0], 2, 0.25),
        (1.0, [-3.0, 5.0, 2.0, 2.0, 9.0, 4.0, 7.0], 3, 0.1),
        (-2.0, [1.0, 3.0], 2, 1.0),
    ):
        batches = [data[k : k + size] for k in range(0, len(data), size)]
        yield Property(
            f"From {theta:g}, {data} in batches of {size}, η = {lr:g}",
            solved.epoch(theta, data, size, lr),
            walked(theta, batches, lr),
            {
                "That is downhill: the gradient of the objective is a - θ.": walked(
                    theta, batches, lr, sign=-1
                ),
                "Take the mean over a batch, not the sum.": walked(
                    theta, batches, lr, lambda batch: 1
                ),
                "Each step takes the gradient where the last one led.": walked(
                    theta, batches, lr, renewed=False
                ),
                "The last batch is smaller: divide by its own size.": walked(
                    theta, batches, lr, lambda batch, size=size: size
                ),
                "The last data are left out.": walked(
                    theta, [b for b in batches if len(b) == size], lr
                ),
                "That is after the first batch: go on to the others.": walked(
                    theta, batches[:1], lr
                ),
                "That is one step with all data.": walked(theta, [data], lr),
            },
        )
