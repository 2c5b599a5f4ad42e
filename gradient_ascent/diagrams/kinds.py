"""What a diagram is made of: panels, what lies in them, what changes there."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradient_ascent.arguments import Arguments
from gradient_ascent.rules.declaration import controlled

Points = Sequence[Sequence[float] | None]


@dataclass(frozen=True)
class Axis:
    """What is told along one side of a panel; its ends never move.

    Attributes:
        name: of what is told.
        low: where the axis begins.
        high: where it ends.
        powers: whether a place k stands for 10 to the power k.
    """

    name: str
    low: float
    high: float
    powers: bool = False


@dataclass(frozen=True)
class Curve:
    """A line through points; it is lifted where one is None.

    Attributes:
        points: the points, in the panel's units.
        color: number of the line's color; None for what others are seen
            against.
        dashed: whether it is broken.
        mark: number of the mark at each point; None for none.
        line: whether the points are joined.
    """

    points: Points
    color: int | None = 0
    dashed: bool = False
    mark: int | None = None
    line: bool = True


@dataclass(frozen=True)
class Cells:
    """A panel cut into equal cells, each of one class.

    Attributes:
        rows: from the lowest; a digit is the number of a cell's class, and of
            its color, a blank belongs to none.
        names: of the classes.
    """

    rows: Sequence[str]
    names: Sequence[str]


@dataclass(frozen=True)
class Handle:
    """A point that the reader moves.

    Attributes:
        at: where it stands.
        name: what it is.
        sets: the parameters that its two coordinates are; None for one that
            follows from the other.
    """

    at: tuple[float, float]
    name: str
    sets: tuple[str | None, str | None]


@dataclass(frozen=True)
class Levels:
    """Level lines of a grid of heights, filled up to the last if `filled`.

    Attributes:
        x: the grid's places across.
        y: and upward.
        heights: for each y a row of heights.
        levels: which heights have a line.
        labels: where lines bear their heights.
        filled: whether what lies between them is tinted.
    """

    x: Sequence[float]
    y: Sequence[float]
    heights: Sequence[Sequence[float]]
    levels: Sequence[float]
    labels: Sequence[tuple[float, float]] = ()
    filled: bool = True


@dataclass(frozen=True)
class Words:
    """Words in a panel, with their middle at a place."""

    at: tuple[float, float]
    text: str


Layer = Curve | Cells | Handle
Ground = Curve | Levels | Words


@dataclass(frozen=True)
class Panel:
    """A pair of axes, and what no parameter changes in them.

    Attributes:
        x: the axis across.
        y: the axis upward.
        ground: what lies below all else.
        to_scale: whether both axes have one scale.
    """

    x: Axis
    y: Axis
    ground: Sequence[Ground] = ()
    to_scale: bool = False


@dataclass(frozen=True)
class Drawing:
    """What a diagram shows for some values of its parameters.

    Attributes:
        layers: for each panel what lies in it, from below.
        said: what is seen, in words.
        answer: number of the class in which the run ends, of the names that
            its cells have: what a reader may be asked first.
    """

    layers: Mapping[str, Sequence[Layer]]
    said: str
    answer: int | None = None


class Diagram:
    """A function of parameters that draws, and the panels it draws in.

    Its signature is all that is known of the parameters: their intervals, their
    defaults and their sliders.

    Attributes:
        name: the function's.
        panels: makes them, by name; nobody but the build needs them.
        layout: a row of panels a string; a name is repeated where its panel is
            wider, or higher.
        height: of the whole, in inches.
        parameters: in the order of the signature.
    """

    def __init__(
        self,
        function: Callable[..., Drawing],
        panels: Callable[[], Mapping[str, Panel]],
        layout: Sequence[str],
        height: float,
    ) -> None:
        self.function, self.__doc__ = function, function.__doc__
        self.name = function.__name__
        self.panels, self.layout, self.height = panels, layout, height
        self.arguments = Arguments(function)
        self.parameters = controlled(self.arguments)

    def __call__(self, **values: float) -> Drawing:
        """Draw for some values, and for the defaults of the rest.

        Raises:
            TypeError: an unknown parameter, or a value that is no real number.
            ValueError: a value outside its interval.
        """
        self.arguments.check(values)
        return self.function(**values)

    def __repr__(self) -> str:
        return f"<diagram {self.name}>"


def diagram(
    panels: Callable[[], Mapping[str, Panel]],
    layout: Sequence[str],
    height: float,
) -> Callable[[Callable[..., Drawing]], Diagram]:
    """Turn a function that draws into a `Diagram`."""
    return lambda function: Diagram(function, panels, layout, height)


def as_json(drawing: Drawing) -> dict[str, Any]:
    """What the page draws from."""
    return {
        "layers": {
            panel: [{"kind": type(x).__name__, **vars(x)} for x in layers]
            for panel, layers in drawing.layers.items()
        },
        "said": drawing.said,
        "answer": drawing.answer,
    }


def signed(number: float) -> str:
    """A number for the eye, with a minus sign that is one."""
    return f"{number:z.3f}".replace("-", "−")
