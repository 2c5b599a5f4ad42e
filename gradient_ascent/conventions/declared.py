"""Who computes what: the conventions of each source, declared once.

A method is a rule of the book. Where sources differ there is a question, and a
source has a choice for each. The book's table, the runs and the translations
are made from these choices; the tests hold each of them against its source.
"""

from collections.abc import Mapping
from typing import NamedTuple

Values = Mapping[str, float]


class Question(NamedTuple):
    """Something that sources answer differently.

    Attributes:
        title: what the table calls it.
        answers: each choice, as the table writes it.
    """

    title: str
    answers: Mapping[str, str]


class Source(NamedTuple):
    """A library, a notebook or a paper.

    Attributes:
        version: which one was read, or run.
        direction: "down", "either" (down by default) or "up" (by default).
        names: what it calls an argument by another name than this book.
    """

    version: str
    direction: str
    names: Mapping[str, str] = {}


class Convention(NamedTuple):
    """How one source computes one method.

    Attributes:
        source: key of `SOURCES`.
        method: key of `METHODS`.
        call: what one calls there; empty where there is nothing to call.
        choices: a choice for each question of the method.
        defaults: of its arguments, by this book's names; for a notebook what it
            runs with.
    """

    source: str
    method: str
    call: str
    choices: Mapping[str, str]
    defaults: Values


QUESTIONS: Mapping[str, Question] = {
    "new": Question(
        "a new gradient counts",
        {"whole": "$g$", "share": "$(1 - d)\\,g$"},
    ),
    "velocity": Question(
        r"$\eta$ stands",
        {"outside": "outside", "inside": "inside"},
    ),
    "divisor": Question(
        "divisor",
        {
            "outside": r"$\sqrt{s} + \epsilon$",
            "inside": r"$\sqrt{s + \epsilon}$",
        },
    ),
    "start": Question("$s$ starts at", {"fixed": "", "argument": ""}),
    "scale": Question(
        r"$\epsilon$ is added to",
        {"corrected": r"$\sqrt{\hat v}$", "raw": r"$\sqrt{v}$"},
    ),
    "largest": Question(
        "maximum", {"raw": "of $v$", "corrected": r"of $\hat v$"}
    ),
    "correction": Question("bias corrected", {"both": "yes", "none": "no"}),
    "decay": Question(
        "weight decay",
        {
            "gradient": r"$g - \lambda\theta$",
            "beside": r"$(1 - \eta\lambda)\,\theta$",
            "apart": r"$(1 - \lambda')\,\theta$",
            "none": "–",
        },
    ),
}

METHODS: Mapping[str, tuple[str, ...]] = {
    "momentum": ("new", "velocity", "decay"),
    "nesterov": ("velocity", "decay"),
    "adagrad": ("divisor", "start", "decay"),
    "rmsprop": ("divisor", "velocity", "decay"),
    "adam": ("scale", "correction", "decay"),
    "amsgrad": ("scale", "largest", "correction", "decay"),
    "adamw": ("scale", "correction", "decay"),
}
"""The questions of each method."""

_TORCH = {
    "start": "initial_accumulator_value",
    "beta1": "betas[0]",
    "beta2": "betas[1]",
}
_OPTAX = {
    "lr": "learning_rate",
    "start": "initial_accumulator_value",
    "alpha": "decay",
    "beta1": "b1",
    "beta2": "b2",
}
_KERAS = {
    "lr": "learning_rate",
    "start": "initial_accumulator_value",
    "eps": "epsilon",
    "alpha": "rho",
    "beta1": "beta_1",
    "beta2": "beta_2",
}
SOURCES: Mapping[str, Source] = {
    "notebook": Source("a notebook on one number", "down"),
    "course": Source("a course notebook", "down"),
    "PyTorch": Source("torch 2.13", "either", _TORCH),
    "Optax": Source("optax 0.2.8", "down", _OPTAX),
    "Keras": Source("Keras 3.15.1", "down", _KERAS),
    "here": Source("gradient_ascent", "up", _TORCH),
    "paper": Source("Loshchilov and Hutter (2019)", "down"),
}

_ADAM = {"beta1": 0.9, "beta2": 0.999}


def _like_torch(source: str, package: str) -> list[Convention]:
    """What torch and this package have in common: all but names."""
    ours = source == "here"
    sgd = {"lr": 1e-3, "momentum": 0.9 if ours else 0.0, "weight_decay": 0.0}
    adam = {"lr": 1e-3, **_ADAM, "eps": 1e-8, "weight_decay": 0.0}
    slow = {"lr": 1e-2, "weight_decay": 0.0}
    rows = (
        ("momentum", "Momentum" if ours else "SGD",
         {"new": "share", "velocity": "outside"}, sgd | {"dampening": 0.0}),
        ("nesterov", "Nesterov" if ours else "SGD",
         {"velocity": "outside"}, sgd),
        ("adagrad", "Adagrad", {"divisor": "outside", "start": "argument"},
         slow | {"start": 0.0, "eps": 1e-10}),
        ("rmsprop", "RMSprop", {"divisor": "outside", "velocity": "outside"},
         slow | {"alpha": 0.99, "eps": 1e-8, "momentum": 0.0}),
        ("adam", "Adam", {"scale": "corrected", "correction": "both"}, adam),
        ("amsgrad", "AMSGrad" if ours else "Adam",
         {"scale": "corrected", "largest": "raw", "correction": "both"}, adam),
        ("adamw", "AdamW", {"scale": "corrected", "correction": "both",
         "decay": "beside"}, adam | {"weight_decay": 1e-2}),
    )  # fmt: skip
    return [
        Convention(
            source, method, f"{package}.{name}",
            {"decay": "gradient"} | choices, defaults,
        )
        for method, name, choices, defaults in rows
    ]  # fmt: skip


def _all(
    source: str,
    *rows: tuple[str, str, Mapping[str, str], Values],
) -> list[Convention]:
    return [Convention(source, *row) for row in rows]


_BOTH = {"scale": "corrected", "correction": "both"}
_INSIDE = {"divisor": "inside"}
CONVENTIONS: tuple[Convention, ...] = (
    *_all(
        "notebook",
        ("momentum", "", {"new": "whole", "velocity": "outside",
         "decay": "none"}, {"lr": 0.1, "momentum": 0.5}),
        ("adagrad", "", {"divisor": "outside", "start": "fixed",
         "decay": "none"}, {"lr": 1.5, "start": 0.0, "eps": 1e-7}),
        ("adam", "", _BOTH | {"decay": "none"},
         {"lr": 1.05, **_ADAM, "eps": 1e-8}),
    ),
    *_all(
        "course",
        ("momentum", "", {"new": "whole", "velocity": "inside",
         "decay": "none"}, {"lr": 0.4, "momentum": 0.5}),
        ("nesterov", "", {"velocity": "inside", "decay": "none"},
         {"lr": 0.05, "momentum": 0.9}),
        ("adagrad", "", _INSIDE | {"start": "fixed", "decay": "none"},
         {"lr": 0.4, "start": 0.0, "eps": 1e-6}),
        ("rmsprop", "", _INSIDE | {"decay": "none"},
         {"lr": 0.4, "alpha": 0.9, "eps": 1e-6}),
        ("adam", "", _BOTH | {"decay": "none"},
         {"lr": 0.8, "beta1": 0.9, "beta2": 0.99, "eps": 1e-6}),
        ("amsgrad", "", {"scale": "raw", "largest": "raw",
         "correction": "none", "decay": "none"},
         {"lr": 1.0, "beta1": 0.9, "beta2": 0.99, "eps": 1e-6}),
    ),
    *_like_torch("PyTorch", "torch.optim"),
    *_all(
        "Optax",
        ("momentum", "optax.sgd", {"new": "whole", "velocity": "outside",
         "decay": "none"}, {"momentum": 0.0}),
        ("nesterov", "optax.sgd", {"velocity": "outside", "decay": "none"},
         {"momentum": 0.0}),
        ("adagrad", "optax.adagrad", _INSIDE | {"start": "argument",
         "decay": "none"}, {"start": 0.1, "eps": 1e-7}),
        ("rmsprop", "optax.rmsprop", _INSIDE | {"velocity": "inside",
         "decay": "none"}, {"alpha": 0.9, "eps": 1e-8, "momentum": 0.0}),
        ("adam", "optax.adam", _BOTH | {"decay": "none"},
         {**_ADAM, "eps": 1e-8}),
        ("amsgrad", "optax.amsgrad", _BOTH | {"largest": "corrected",
         "decay": "none"}, {**_ADAM, "eps": 1e-8}),
        ("adamw", "optax.adamw", _BOTH | {"decay": "beside"},
         {**_ADAM, "eps": 1e-8, "weight_decay": 1e-4}),
    ),
    *_all(
        "Keras",
        ("momentum", "keras.optimizers.SGD", {"new": "whole",
         "velocity": "inside", "decay": "beside"},
         {"lr": 0.01, "momentum": 0.0, "weight_decay": 0.0}),
        ("nesterov", "keras.optimizers.SGD", {"velocity": "inside",
         "decay": "beside"},
         {"lr": 0.01, "momentum": 0.0, "weight_decay": 0.0}),
        ("adagrad", "keras.optimizers.Adagrad", _INSIDE | {
         "start": "argument", "decay": "beside"},
         {"lr": 1e-3, "start": 0.1, "eps": 1e-7, "weight_decay": 0.0}),
        ("rmsprop", "keras.optimizers.RMSprop", _INSIDE | {
         "velocity": "inside", "decay": "beside"},
         {"lr": 1e-3, "alpha": 0.9, "eps": 1e-7, "momentum": 0.0,
          "weight_decay": 0.0}),
        *(
            (method, f"keras.optimizers.{name}", {"scale": "raw",
             "correction": "both", "decay": "beside"} | more,
             {"lr": 1e-3, **_ADAM, "eps": 1e-7, "weight_decay": decay})
            for method, name, more, decay in (
                ("adam", "Adam", {}, 0.0),
                ("amsgrad", "Adam", {"largest": "raw"}, 0.0),
                ("adamw", "AdamW", {}, 4e-3),
            )
        ),
    ),
    *_like_torch("here", "optim"),
    *_all(
        "paper",
        ("adamw", "", _BOTH | {"decay": "apart"},
         {"lr": 1e-3, **_ADAM, "eps": 1e-8, "weight_decay": 0.0}),
    ),
)  # fmt: skip


def convention(method: str, source: str) -> Convention:
    """How that source computes that method.

    Raises:
        ValueError: an unknown method or source, or one that lacks the method.
    """
    for what, name, known in (
        ("method", method, METHODS),
        ("source", source, SOURCES),
    ):
        if name not in known:
            raise ValueError(
                f"{what} must be one of {', '.join(known)}; got {name!r}"
            )
    for each in CONVENTIONS:
        if (each.method, each.source) == (method, source):
            return each
    has = ", ".join(e.source for e in CONVENTIONS if e.method == method)
    raise ValueError(f"{source} has no {method}; {has} have it")
