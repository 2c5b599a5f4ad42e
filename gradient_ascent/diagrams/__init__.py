"""Diagrams that a page redraws as its reader moves a point or a slider.

Each is a function of the standard-library half: the build draws it once, and
the reader's browser calls the same function.
"""

from collections.abc import Mapping
from typing import Any

from gradient_ascent.arguments import meant

from .bandit import bandit as bandit
from .basins import basins as basins
from .conditioning import conditioning as conditioning
from .cut import spectral_cut as spectral_cut
from .dirac import dirac as dirac
from .forgetting import forgetting as forgetting
from .game import game as game
from .hidden_states import hidden_states as hidden_states
from .kinds import Diagram as Diagram
from .kinds import as_json as as_json
from .learning_rate import learning_rate as learning_rate
from .mixtures import mixtures as mixtures
from .momentum import momentum as momentum
from .nesterov import nesterov as nesterov
from .overshoot import overshoot as overshoot
from .own_rates import adagrad as adagrad
from .own_rates import rmsprop as rmsprop
from .projection import projection as projection
from .saddles import saddles as saddles
from .scaling import scaling as scaling
from .steepest import steepest as steepest
from .stochastic import stochastic as stochastic
from .threshold import threshold as threshold
from .translation import translation as translation
from .trials import search as search
from .unmixing import unmixing as unmixing

DIAGRAMS = {
    each.name: each
    for each in (
        steepest,
        learning_rate,
        conditioning,
        saddles,
        stochastic,
        momentum,
        nesterov,
        adagrad,
        rmsprop,
        forgetting,
        translation,
        basins,
        projection,
        game,
        mixtures,
        hidden_states,
        bandit,
        unmixing,
        spectral_cut,
        dirac,
        threshold,
        scaling,
        overshoot,
        search,
    )
}


def named(name: str) -> Diagram:
    """The diagram of that name.

    Raises:
        ValueError: there is none.
    """
    if name not in DIAGRAMS:
        raise ValueError(
            f"diagram must be one of {', '.join(DIAGRAMS)}; got {name!r}"
            f"{meant(str(name), DIAGRAMS)}"
        )
    return DIAGRAMS[name]


def drawn(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Draw for the page: `{"diagram": name, "values": {parameter: value}}`.

    Raises:
        TypeError, ValueError: an unknown diagram, or values that it refuses.
    """
    return as_json(named(spec["diagram"])(**spec["values"]))
