"""Print formulas on any console: what it cannot show is spelled out."""

import codecs
import io
import sys
import unicodedata

_SPELLED = {
    **{"←": "<-", "−": "-", "√": "sqrt ", "’": "'", "✓": "ok", "·": "*"},
    "\u0302": "_hat",
}
_GREEK = {"GREEK SMALL": str.lower, "GREEK CAPITAL": str.capitalize}


def spell() -> None:
    """Let standard output and error spell what their encoding lacks."""
    codecs.register_error("spelled", _spelled)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="spelled")


def _spelled(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(map(spelled, lacking)), error.end


def spelled(sign: str) -> str:
    """A sign in ASCII: θ as theta, Δ as Delta, ← as <-, ² as ^2, ₁ as _1."""
    if sign in _SPELLED:
        return _SPELLED[sign]
    kind, _, plain = unicodedata.decomposition(sign).rpartition(" ")
    if kind in ("<super>", "<sub>"):
        mark = "^" if kind == "<super>" else "_"
        return mark + chr(int(plain, 16)).replace("−", _SPELLED["−"])
    alphabet, _, letter = unicodedata.name(sign, "").partition(" LETTER ")
    return _GREEK[alphabet](letter) if alphabet in _GREEK else "?"
