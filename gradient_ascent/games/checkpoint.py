"""What is read of a game's checkpoint before anything of it is taken."""

from collections.abc import Mapping, Sequence
from typing import Any

from torch import Tensor

from gradient_ascent.arguments import check_whole

_OWNER = "MinMax: state_dict must be"


def check_state(state_dict: Any, parameters: Sequence[Tensor]) -> None:
    """Raise unless it is what `MinMax.state_dict` gave for such parameters."""
    if not isinstance(state_dict, Mapping):
        raise TypeError(
            f"{_OWNER} a dict, as MinMax.state_dict returns, got {state_dict!r}"
        )
    if missing := {"steps", "leads"} - set(state_dict):
        lacks = " and ".join(sorted(missing))
        raise ValueError(f"{_OWNER} a MinMax's own, got one without {lacks}")
    check_whole("MinMax", 'state_dict["steps"]', state_dict["steps"], least=0)
    leads = state_dict["leads"]
    if not isinstance(leads, list | tuple):
        raise TypeError(
            'MinMax: state_dict["leads"] must be a list of tensors or None, '
            f"got {leads!r}"
        )
    if len(leads) != len(parameters):
        raise ValueError(
            f"{_OWNER} of a game with as many parameters, {len(parameters)}, "
            f"got {len(leads)}"
        )
    for parameter, lead in zip(parameters, leads, strict=True):
        if lead is not None:
            _check_lead(parameter, lead)


def _check_lead(parameter: Tensor, lead: Any) -> None:
    if not isinstance(lead, Tensor):
        raise TypeError(
            'MinMax: state_dict["leads"] must hold tensors or None, got '
            f"{lead!r}"
        )
    if lead.shape != parameter.shape:
        raise ValueError(
            f"{_OWNER} of a game with parameters of the same shapes, got "
            f"{tuple(lead.shape)} for {tuple(parameter.shape)}"
        )
    if lead.is_complex() and not parameter.is_complex():
        raise ValueError(
            f"{_OWNER} of a game with real parameters, got {lead.dtype}"
        )
