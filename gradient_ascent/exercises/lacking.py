"""What Python in a page lacks, said in the words of the book."""

import errno
import sys

NO_MODULE = (
    "a page has no module {!r}, only Python's standard library and the half "
    "of gradient_ascent that needs no more; at a terminal there is the rest"
)
NO_KEYBOARD = "a page has no keyboard input; write the value into the code"


def explained(error: BaseException) -> str:
    """What to say of an error in a page; "" where it speaks for itself."""
    if sys.platform != "emscripten":
        return ""
    if isinstance(error, ModuleNotFoundError):
        return NO_MODULE.format(error.name)
    if isinstance(error, OSError) and error.errno == errno.EIO:
        return NO_KEYBOARD
    return ""
