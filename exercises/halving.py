"""Halve until the promise is kept.

You climb a function f of one number x by x + η g, where g is its slope at x, and do not
know how much f bends. The ascent lemma promises that a step with η up to 1/L gains

    promise = η g² / 2

or more. So try a learning rate, and halve it until the step gains that much. Return the
first one that does.
"""


def halved(f, slope, x, lr):
    """The first of lr, lr / 2, lr / 4, ... that gains enough from x."""
    g = slope(x)
    # solution: begin
    while f(x + lr * g) < f(x) + lr * g * g / 2:
        lr /= 2
    return lr
    # solution: end


# check
CHAPTER = "foundations/ascent"
KIND, LEVEL = "compute", 2
HINT = (
    "Compare f(x + lr * g) with f(x) plus the promise for this lr. Each time that it "
    "is lower, lr becomes lr / 2, and the promise half as much."
)

from math import cos, sin

from gradient_ascent.exercises import Property


def first(lr, accepted):
    """The first of lr, lr / 2, ... that is accepted; the fortieth if none is."""
    for _ in range(40):
        if accepted(lr):
            break
        lr /= 2
    return lr


def check(solved):
    """Hills that bend little and much, and a wave, from several points."""
    for told, f, slope, x, lr in (
        ("-3 x²", lambda x: -3 * x * x, lambda x: -6 * x, 1.0, 1.0),
        ("-3 x²", lambda x: -3 * x * x, lambda x: -6 * x, -2.0, 0.1),
        ("-x² / 2", lambda x: -x * x / 2, lambda x: -x, 5.0, 3.0),
        ("-x⁴", lambda x: -(x**4), lambda x: -4 * x**3, 3.0, 1.0),
        ("-x⁴", lambda x: -(x**4), lambda x: -4 * x**3, -0.2, 8.0),
        ("sin x", sin, cos, 0.3, 8.0),
        ("5 x", lambda x: 5 * x, lambda x: 5.0, 0.0, 2.0),
    ):
        g, here = slope(x), f(x)

        def gain(each, f=f, x=x, g=g, here=here):
            return f(x + each * g) - here

        first_kept = first(lr, lambda each, g=g: gain(each) >= each * g * g / 2)
        yield Property(
            f"The learning rate for f = {told} at x = {x:g}, from {lr:g}",
            solved.halved(f, slope, x, lr),
            first_kept,
            {
                "The first one must keep its promise as well: try before you halve.": (
                    first(lr / 2, lambda each, g=g: gain(each) >= each * g * g / 2)
                ),
                "To climb at all is not enough: the step must gain η g² / 2.": first(
                    lr, lambda each: gain(each) > 0
                ),
                "The promise is half of what the tangent says: η g² / 2.": first(
                    lr, lambda each, g=g: gain(each) >= each * g * g
                ),
                "The promise shrinks with η: compare with η g² / 2 for each.": first(
                    lr, lambda each, g=g, lr=lr: gain(each) >= lr * g * g / 2
                ),
            },
        )
