"""The training loop.

Complete `train`: at every step forget the last gradients, compute the objective, fill
in the gradients, and move the parameters. It works with any optimizer that has
`params`, `zero_grad` and `step`.
"""


def train(optimizer, objective, num_steps=20):
    """Take `num_steps` steps; return the points visited, the start included."""
    points = [tuple(param.value for param in optimizer.params)]
    for _ in range(num_steps):
        # solution: begin
        optimizer.zero_grad()
        height = objective(*optimizer.params)
        height.backward()
        optimizer.step()
        # solution: end
        points.append(tuple(param.value for param in optimizer.params))
    return points


# check
CHAPTER = "foundations/optimizer"
KIND, LEVEL = "compute", 1
HINT = (
    "The objective takes the parameters as its arguments, and its result has "
    "`backward`."
)

from gradient_ascent import minitorch, run
from gradient_ascent.exercises import Property
from gradient_ascent.landscapes import bowl


def descend(train, num_steps, make=minitorch.GradientDescent):
    """Run a loop on the bowl."""
    start = [minitorch.Tensor(-5.0), minitorch.Tensor(-2.0)]
    return train(make(start, eta=0.1, maximize=False), bowl, num_steps)


class NeverZero(minitorch.GradientDescent):
    """What a loop does that forgets `zero_grad`."""

    def zero_grad(self):
        """Forget nothing."""


def check(solved):
    """Compare with runs of the package."""
    right = run("plain", bowl, [-5, -2], lr=0.1, steps=20).positions
    added_up = descend(reference, 20, NeverZero)
    for steps in (1, 2, 20):
        end = steps + 1
        yield Property(
            f"The points of plain descent on the bowl, steps={steps}",
            descend(solved.train, steps),
            right[:end],
            {
                "No step was taken: the loop is still to be written.": right[:1] * end,
                "The gradients add up: is `zero_grad` called?": added_up[:end],
            },
        )
    adam = descend(solved.train, 5, minitorch.Adam)
    expected = run("adam", bowl, [-5, -2], lr=0.1, beta2=0.99, eps=1e-6, steps=5)
    yield Property("The points of 5 steps of Adam", adam, expected.positions)


def reference(optimizer, objective, num_steps):
    """The loop, four lines."""
    points = [tuple(param.value for param in optimizer.params)]
    for _ in range(num_steps):
        optimizer.zero_grad()
        objective(*optimizer.params).backward()
        optimizer.step()
        points.append(tuple(param.value for param in optimizer.params))
    return points
