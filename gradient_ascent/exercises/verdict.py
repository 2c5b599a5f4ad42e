"""Whether a reader's code solves an exercise; if not, which property fails."""

from dataclasses import dataclass, field
from typing import Any

from gradient_ascent.exercises.catalogue import load
from gradient_ascent.exercises.properties import Property
from gradient_ascent.exercises.running import SECONDS, Run, run


@dataclass
class Verdict:
    """What a check says.

    Attributes:
        passed: whether every property holds.
        sentence: the outcome in a sentence, with the numbers where it failed.
        held: the properties that hold, up to the first that does not.
        output: what the code printed.
        line: the reader's line that raised an error, if one did.
    """

    passed: bool
    sentence: str
    held: list[str] = field(default_factory=list)
    output: str = ""
    line: int | None = None

    def __str__(self) -> str:
        """What the code printed, what holds, and the sentence."""
        held = [f"  ok  {what}" for what in self.held]
        return self.output + "\n".join([*held, self.sentence])


class _Names:
    """What the reader's code defined; to ask for what is missing says so."""

    def __init__(self, names: dict[str, Any]) -> None:
        self._names = names

    def __getattr__(self, name: str) -> Any:
        if name not in self._names:
            raise NameError(f"your code defines no {name!r}; was it renamed?")
        return self._names[name]


def check(
    name: str,
    code: str,
    *,
    filename: str = "<your code>",
    seconds: float = SECONDS,
) -> Verdict:
    """Check `code` against the exercise `name`.

    Raises:
        ValueError: there is no exercise of that name.
    """
    exercise = load(name)
    held: list[str] = []
    failed: list[Property] = []

    def see(names: dict[str, Any]) -> None:
        for each in exercise.properties(_Names(names)):
            if not each.holds:
                failed.append(each)
                return
            held.append(each.what)

    done = run(code, see, filename=filename, seconds=seconds)
    sentence = _sentence(done, failed, len(held))
    passed = not (done.error or failed)
    return Verdict(passed, sentence, held, done.output, done.line)


def _sentence(done: Run, failed: list[Property], count: int) -> str:
    if done.error:
        return f"Not yet. {told(done)}"
    if failed:
        return f"Not yet. {failed[0].complaint()}"
    return f"Passed: {count} of {count} properties hold."


def told(done: Run) -> str:
    """A run's error with its line, in a sentence."""
    place = (
        f"Line {done.line}: " if done.line else "When your code was called: "
    )
    return f"{place}{done.error}"
