"""What the race needs beyond torch and NumPy, imported where it is used."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def extra(module: str, package: str, use: str) -> Any:
    """Import a module of the extra `benchmarks`, or of more than that.

    Args:
        module: its name.
        package: the distribution it comes with.
        use: what needs it.

    Raises:
        ImportError: it is not installed; the message says how it would be.
    """
    try:
        return import_module(module)
    except ImportError as error:
        ours = package in ("joblib", "scikit-learn")
        wanted = '"gradient-ascent-book[benchmarks]"' if ours else package
        raise ImportError(
            f"{use} needs {package}, which is not installed; run "
            f"pip install {wanted}"
        ) from error
