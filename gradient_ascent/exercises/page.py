"""What the book's pages call: plain data in, plain data out."""

from typing import Any

from gradient_ascent.exercises.running import run
from gradient_ascent.exercises.verdict import check, told


def run_code(code: str) -> dict[str, Any]:
    """Run a reader's code."""
    done = run(code)
    return {"output": done.output, "error": told(done) if done.error else ""}


def check_code(request: dict[str, str]) -> dict[str, Any]:
    """Check `request["code"]` against the exercise `request["name"]`."""
    verdict = check(request["name"], request["code"])
    return {
        "passed": verdict.passed,
        "sentence": verdict.sentence,
        "held": verdict.held,
        "output": verdict.output,
    }
