"""What a step must move.

A step of a rule reads the gradient, and reads and writes the parameter and each number
that the rule remembers for it. The count of the steps, called `step`, is one for a
whole tensor: it does not weigh. Given the names that a rule remembers, say how many
bytes a step moves for `elements` parameters. Each number has `width` bytes, but for
those remembered, which have `kept` each.
"""


def bytes_of_step(names, elements, width, kept):
    """The bytes that one step reads and writes."""
    # solution: begin
    state = len([name for name in names if name != "step"])
    return elements * (3 * width + 2 * state * kept)
    # solution: end


# check
CHAPTER = "evidence/speed"
KIND, LEVEL = "compute", 1
HINT = (
    "One number is only read, the gradient. The parameter is read and written, and so "
    "is each remembered number."
)

from gradient_ascent.exercises import Property
from gradient_ascent.rules import RULES


def check(solved):
    """Of every rule, in single precision and with a state of half."""
    for name in ("plain", "momentum", "adam", "amsgrad", "lion"):
        function = RULES[name]
        names = function.start._fields if hasattr(function.start, "_fields") else ()
        state = len([each for each in names if each != "step"])
        for elements, width, kept in ((1, 4, 4), (25, 4, 2)):
            right = elements * (3 * width + 2 * state * kept)
            yield Property(
                f"{name}, which remembers {', '.join(names) or 'nothing'}, for "
                f"{elements} numbers of {width} bytes, {kept} each remembered",
                solved.bytes_of_step(list(names), elements, width, kept),
                right,
                {
                    "The count of the steps is one for all: it does not weigh.": (
                        elements * (3 * width + 2 * len(names) * kept)
                    ),
                    "What is remembered is written back as well.": (
                        elements * (3 * width + state * kept)
                    ),
                    "The gradient is read, too.": (
                        elements * (2 * width + 2 * state * kept)
                    ),
                    "The gradient is not written.": (
                        elements * (4 * width + 2 * state * kept)
                    ),
                    "The parameter is written back as well.": (
                        elements * (2 * width + 2 * state * kept)
                    ),
                    "What is remembered has `kept` bytes each.": (
                        elements * width * (3 + 2 * state)
                    ),
                    "That is for one element.": 3 * width + 2 * state * kept,
                },
            )
