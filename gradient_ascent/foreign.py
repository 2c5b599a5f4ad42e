"""Tell of another distribution that has installed itself in this very folder.

The `gradient-ascent` of the package index is imported by the same name. What is
installed last has overwritten `__init__` and `main` of the other, and what is
removed takes them along. The look takes one listing of a folder.
"""

import warnings
from pathlib import Path

_beside = Path(__file__).parents[1]
for _found in sorted(_beside.glob("gradient_ascent-*.dist-info")):
    _name, _version = _found.stem.rsplit("-", 1)
    warnings.warn(
        f"gradient-ascent {_version} is another distribution, installed over "
        "gradient-ascent-book under the same import name; remove it (`pip "
        "uninstall gradient-ascent`) and install gradient-ascent-book again "
        "(`pip install --force-reinstall --no-deps`)",
        stacklevel=2,
    )
