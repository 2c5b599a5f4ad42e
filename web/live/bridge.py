"""The browser's way into Python: JSON text in, JSON text out."""

from __future__ import annotations

import json
import math
import traceback
from importlib import import_module
from typing import Any


def call(module: str, name: str, argument: str) -> str:
    """Call a function of a module with one argument.

    Args:
        module: The module's full name.
        name: The function's name in it.
        argument: The argument as JSON.

    Returns:
        JSON: `{"value": ...}`, or of an error `{"error": its message, "kind": its type,
        "traceback": text}`.
    """
    try:
        function = getattr(import_module(module), name)
        return _dumps({"value": function(json.loads(argument))})
    except BaseException as error:  # SystemExit too: a reader's code may raise anything
        answer = {
            "error": str(error),
            "kind": type(error).__name__,
            "traceback": traceback.format_exc(),
        }
        return _dumps(answer)


def _dumps(answer: dict[str, Any]) -> str:
    try:
        return json.dumps(answer, allow_nan=False)
    except ValueError:  # rare, so that the slow way is taken only when needed
        return json.dumps(_finite(answer), allow_nan=False)


def _finite(value: Any) -> Any:
    """Spell inf, -inf and nan, which JSON lacks, as strings."""
    if isinstance(value, float) and not math.isfinite(value):
        return repr(value)
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    return value
