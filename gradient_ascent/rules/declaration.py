"""What is known of a rule, declared beside its function."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import update_wrapper
from inspect import signature
from typing import (
    Annotated,
    Any,
    Generic,
    NamedTuple,
    ParamSpec,
    TypeAlias,
    TypeVar,
    get_type_hints,
)

from gradient_ascent.arguments import Arguments, notes
from gradient_ascent.ops import Number

P = ParamSpec("P")
State = TypeVar("State")

Rule: TypeAlias = Callable[..., tuple[Number, Any]]
"""What takes a step: an `UpdateRule`, or a function that does as it does."""

Odd = Annotated[Number, "odd"]
"""What changes its sign with the gradients: some fields of a state do."""


class Control(NamedTuple):
    """How a lab sets a hyperparameter: by a slider; a flag by a check box.

    Attributes:
        label: what it is called there.
        unit: what it is counted in.
        range: the slider's ends; if powers of ten apart, they are evenly
            spaced. None for a flag.
        on: where the slider starts of one that is None, which is off.
        whole: whether it takes whole numbers only.
        first: whether it is among those that are shown at once.
    """

    label: str
    unit: str = ""
    range: tuple[float, float] | None = None
    on: float | None = None
    whole: bool = False
    first: bool = False


class TorchClass(NamedTuple):
    """The class of `torch.optim` that takes the same steps.

    Attributes:
        name: of the class.
        renamed: what it calls a hyperparameter by another name; "betas[0]" is
            an entry of `betas`. One that it lacks must be at its default.
        options: what makes it this rule.
    """

    name: str
    renamed: Mapping[str, str] = {}
    options: Mapping[str, Any] = {}

    def place(self, name: str) -> tuple[str, int | None]:
        """The option that a hyperparameter is, and which entry of it."""
        option, _, entry = self.renamed.get(name, name).partition("[")
        return option, int(entry[:-1]) if entry else None


BETAS = {"beta1": "betas[0]", "beta2": "betas[1]"}
"""Where torch's classes have the shares of two averages, and so ours do."""


class Hyperparameter(NamedTuple):
    """A hyperparameter's name, its default, and how a lab sets it."""

    name: str
    default: Any
    control: Control


def controlled(arguments: Arguments) -> list[Hyperparameter]:
    """The arguments that have a control, in their order."""
    return [
        Hyperparameter(name, argument.default, note)
        for name, argument in arguments.items()
        for note in argument.notes
        if isinstance(note, Control)
    ]


@dataclass(frozen=True)
class Declaration:
    """What is known of a rule beyond its signature; it decorates the function.

    Attributes:
        title: as a text names the rule.
        idea: its idea, in a line.
        memory: what it remembers of the gradients before, in words.
        chapter: the chapter about it, below `chapters`; None before there is
            one.
        torch: its counterpart there, if any.
    """

    title: str
    idea: str
    memory: str
    chapter: str | None = None
    torch: TorchClass | None = None

    def place(self, name: str) -> tuple[str, int | None]:
        """The option of an optimizer that a hyperparameter is, and its entry.

        Without a class of torch's it is what torch would call it.
        """
        return (self.torch or TorchClass("", BETAS)).place(name)

    def __call__(
        self, function: Callable[P, tuple[Number, State]]
    ) -> "UpdateRule[P, State]":
        """Make a function that takes a step an update rule."""
        return UpdateRule(function, self)


def takes_parameter(rule: Callable[..., Any]) -> bool:
    """Whether a rule, or a function like one, must be given the parameter."""
    return "parameter" in signature(rule).parameters


class UpdateRule(Generic[P, State]):
    """An update rule, with all that is known of it.

    Calling it checks the hyperparameters, but for numbers that cannot be
    compared, as symbols. `function` does not: a loop checks once, and runs it.

    A rule is odd. Where every gradient points the other way, so does every
    step: from a state in which each field that is `Odd` is negated, and only
    those, rule(-g) gives the negated step, and the new state in that sense. The
    parameter, if the rule takes it, is negated too.

    Attributes:
        function: what the rule does.
        declaration: what is said of it.
        arguments: what its signature says of each.
        start: the state before the first step.
        odd: the fields of a state that are `Odd`.
        takes_parameter: whether it must be given the parameter too, by name.
        hyperparameters: in the order of the function's arguments.
    """

    def __init__(
        self,
        function: Callable[P, tuple[Number, State]],
        declaration: Declaration,
    ) -> None:
        update_wrapper(self, function)
        self.__name__ = function.__name__
        self.function, self.declaration = function, declaration
        self.arguments = Arguments(function)
        self.start: State = self.arguments["state"].default
        hints = get_type_hints(type(self.start), include_extras=True)
        self.odd = [
            name for name, hint in hints.items() if "odd" in notes(hint)
        ]
        self.takes_parameter = takes_parameter(function)
        self.hyperparameters = controlled(self.arguments)

    def __call__(
        self, *args: P.args, **kwargs: P.kwargs
    ) -> tuple[Number, State]:
        """Take the step, if state and hyperparameters are allowed."""
        state = args[1] if len(args) > 1 else kwargs.get("state", self.start)
        if not isinstance(state, kind := type(self.start)):
            raise TypeError(
                f"{self.__name__}: state must be a {kind.__name__}, got "
                f"{state!r}; hyperparameters are given by name"
            )
        self.arguments.check(kwargs, any_kind=True)
        return self.function(*args, **kwargs)

    def options_of(
        self, kind: Callable[..., Any], given: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The options with which a class takes these hyperparameters.

        Args:
            kind: a class that takes them by torch's names.
            given: hyperparameters by name; the others are at their defaults.
                What is None is left out: it is off there too.

        Raises:
            TypeError: the class has no option for one that is given.
        """
        taken = signature(kind).parameters
        options: dict[str, Any] = {}
        for name, default, _ in self.hyperparameters:
            option, entry = self.declaration.place(name)
            value = given.get(name, default)
            if option not in taken:
                if name in given:
                    takes = f"{self.__name__}: {kind.__name__} takes no option"
                    raise TypeError(f"{takes} {option!r}, got {name}={value!r}")
            elif entry is not None:  # the entries come in their order
                options[option] = (*options.get(option, ()), value)
            elif value is not None:
                options[option] = value
        return options

    def __reduce__(self) -> str:
        return self.__name__  # copied and pickled by its name, as a function

    def __repr__(self) -> str:
        return f"<update rule {self.__name__}>"
