"""Test a machine.

Write a test for machines that differentiate. `agrees` gets a function of several
numbers, a point, and the class of the numbers. It says whether the slopes that
`backward` finds at the point are those of central differences, up to rounding and
truncation:

    slope = (f(x + h) - f(x - h)) / (2 h)

The check hands your test Mini-Torch, on functions large and small, and machines with a
fault. It must tell them apart.
"""


def agrees(function, point, number):
    """Whether `backward` and central differences agree in every coordinate."""
    # solution: begin
    numbers = [number(x) for x in point]
    function(*numbers).backward()
    for i, each in enumerate(numbers):
        h = 1e-5 * max(1.0, abs(point[i]))
        above, below = [
            function(*(number(x + way * h * (i == j)) for j, x in enumerate(point)))
            for way in (1, -1)
        ]
        slope = (above.value - below.value) / (2 * h)
        if abs(each.grad - slope) > 1e-4 * max(1e-6, abs(slope)):
            return False
    return True
    # solution: end


# check
CHAPTER = "foundations/autograd"
KIND, LEVEL = "compute", 3
HINT = (
    "Make new numbers for every value you need, as gradients accumulate. Test every "
    "coordinate, and compare the difference with the size of the slope."
)

from gradient_ascent.exercises import Property
from gradient_ascent.minitorch import Tensor


class Machine:
    """Sums and products, differentiated rightly; a subclass makes a mistake."""

    def __init__(self, value, parents=()):
        self.value, self.grad, self.parents = value, 0.0, parents

    def made(self, value, *parents):
        """The result of an operation."""
        return type(self)(value, parents)

    def __add__(self, other):
        return self.made(self.value + other.value, (self, 1.0), (other, 1.0))

    def __mul__(self, other):
        slopes = (self, other.value), (other, self.value)
        return self.made(self.value * other.value, *slopes)

    def backward(self, slope=1.0):
        """Walk every path back to the parameters."""
        self.receive(slope)
        for parent, local in self.parents:
            parent.backward(slope * local)

    def receive(self, slope):
        """Add up what comes along each path."""
        self.grad += slope


class LastPath(Machine):
    """It keeps what came along the last path alone."""

    def receive(self, slope):
        """Forget what came before."""
        self.grad = slope


class OneSided(Machine):
    """It forgets that a product has two factors."""

    def __mul__(self, other):
        return self.made(self.value * other.value, (self, other.value))


class ListOfOperations(Machine):
    """The list fault: what is used twice is run twice."""

    def __init__(self, value, parents=()):
        super().__init__(value, parents)
        before = [each for parent, _ in parents for each in parent.operations]
        self.operations = [*before, self] if parents else []

    def backward(self):
        """Run the list from its end."""
        self.grad = 1.0
        for result in reversed(self.operations):
            for parent, local in result.parents:
                parent.grad += result.grad * local


FAULTS = (
    ("keeps one path only", LastPath, lambda x, y: x * x + y, (3.0, 1.0)),
    ("forgets the second factor", OneSided, lambda x, y: x * y, (3.0, 2.0)),
    ("runs a list of operations", ListOfOperations, lambda x, y: shared(x * y), (3, 2)),
    ("runs it for small numbers", ListOfOperations, lambda x, y: shared(x * y),
     (1e-6, 2e-6)),
)  # fmt: skip


def shared(product):
    """A function that uses a result twice."""
    return product + product


def check(solved):
    """Right machines pass; each fault is found."""
    overcautious = {
        "This machine is right: allow an error in proportion to the slope, and make "
        "new numbers for every value.": False
    }
    blind = {
        "This machine is wrong: test every coordinate; small slopes count too.": True
    }
    for what, function, point in (
        ("a bowl", lambda x, y: 0.1 * x**2 + 2 * y**2, (-5.0, -2.0)),
        ("a wave", lambda x, y: (x * y).exp() * x.sin(), (2.0, 0.5)),
        ("a steep wall", lambda x, y: 1000 * x**4 + y, (10.0, 1.0)),
        ("a function that uses a result twice", lambda x, y: shared(x * y), (3.0, 2.0)),
    ):
        agreed = solved.agrees(function, point, Tensor)
        yield Property(f"Mini-Torch on {what}", agreed, True, overcautious)
    for what, machine, function, point in FAULTS:
        agreed = solved.agrees(function, point, machine)
        yield Property(f"A machine that {what}", agreed, False, blind)
