"""Every solution passes its check, every stub fails it, and mistakes are named."""

import re

import pytest

from gradient_ascent.exercises import check, load, names

# A solution, changed as readers change it, and the sentence that helps.
WRONG = [
    ("gradients_by_hand", "return 0.2 * x1, 4 * x2", "return 0.1 * x1, 2 * x2",
     "factor 2"),
    ("gradients_by_hand", "return 0.2 * x1", "return -0.2 * x1", "got (1, -8)"),
    ("gradients_by_hand", "(b + 1), outer", "b, outer", "a occurs twice"),
    ("training_loop", "optimizer.zero_grad()", "pass", "zero_grad"),
    ("training_loop", "optimizer.step()", "pass", "No step was taken"),
    ("gradient_descent", "-=", "+=", "uphill"),
    ("gradient_descent", "self.eta * ", "", "η is missing"),
    ("momentum", "param.value -=", "param.value +=", "uphill"),
    ("momentum", "+ self.eta", "+ (1 - self.gamma) * self.eta", "is a sum here"),
    ("momentum", "self.v[i] = self.gamma * self.v[i] +", "self.v[i] =",
     "store it in self.v[i]"),
    ("nesterov", "-= self.gamma * self.v[i] + push", "-= self.v[i]", "of momentum"),
    ("nesterov", "param.value -=", "param.value +=", "uphill"),
    ("adagrad", " + self.eps)", ")", "ε is missing"),
    ("adagrad", "math.sqrt(self.s[i] + self.eps)", "(math.sqrt(self.s[i]) + self.eps)",
     "beside the root"),
    ("adagrad", "self.s[i] +=", "self.s[i] =", "forgotten"),
    ("adagrad", "param.value -=", "param.value +=", "uphill"),
    ("rmsprop", " + self.eps)", ")", "ε is missing"),
    ("rmsprop", "(1 - self.gamma) * ", "", "counts in full"),
    ("rmsprop", "self.gamma * self.s[i] + (1 - self.gamma) *",
     "(1 - self.gamma) * self.s[i] + self.gamma *", "swapped"),
    ("rmsprop", "math.sqrt(self.s[i] + self.eps)", "(math.sqrt(self.s[i]) + self.eps)",
     "beside the root"),
    ("adam", "param.value -=", "param.value +=", "uphill"),
    ("adam", " + self.eps)", ")", "ε is missing"),
    ("adam", "(math.sqrt(v_hat) + self.eps)", "math.sqrt(v_hat + self.eps)",
     "inside the root"),
    ("adam", "m_hat = ", "self.beta1 = self.beta2 = 0; m_hat = ", "got"),
    ("adam", "m_hat / (math.sqrt(v_hat)", "self.m[i] / (math.sqrt(self.v[i])",
     "bias corrections are missing"),
    ("amsgrad", "max(self.v_max[i], self.v[i])", "self.v[i]", "scale shrinks"),
    ("amsgrad", "param.value -=", "param.value +=", "uphill"),
    ("warmup_and_decay", "max(0, t - warmup)", "t", "only after the warmup"),
    ("warmup_and_decay", "min(1, t / warmup)", "(t / warmup)", "goes on past 1"),
    ("warmup_and_decay", " * decay ** max(0, t - warmup)", "", "decay is missing"),
    ("ball", "if length <= radius:", "if False:", "stays where it is"),
    ("ball", "[radius / length * x", "[x / length", "make the length the radius"),
    ("simplex", "max(x - threshold, 0.0)", "x - (sum(point) - 1) / len(point)",
     "cut off"),
    ("simplex", "max(x - threshold, 0.0)", "x / sum(point)", "got"),
]  # fmt: skip


@pytest.mark.parametrize("name", names())
def test_the_solution_passes(name: str) -> None:
    verdict = check(name, load(name).solution)
    assert verdict.passed, verdict.sentence
    assert re.fullmatch(r"Passed: (\d+) of \1 properties hold\.", verdict.sentence)
    assert len(verdict.held) >= 4


@pytest.mark.parametrize("name", names())
def test_the_stub_fails_with_a_sentence_that_helps(name: str) -> None:
    verdict = check(name, load(name).stub)
    assert not verdict.passed
    assert re.search(r"got .*, expected .*\d", verdict.sentence), verdict.sentence
    assert "still to be written" in verdict.sentence


@pytest.mark.parametrize(("name", "right", "wrong", "help"), WRONG)
def test_a_mistake_is_named(name: str, right: str, wrong: str, help: str) -> None:
    solution = load(name).solution
    code = solution.replace(right, wrong)
    assert code != solution
    verdict = check(name, code)
    assert not verdict.passed
    assert "got" in verdict.sentence and "expected" in verdict.sentence
    assert help in verdict.sentence


@pytest.mark.parametrize("name", names())
def test_the_stub_comes_from_the_solution(name: str) -> None:
    """Nothing but what is marked is left out, and nothing of the check is shown."""
    exercise = load(name)
    kept = [line for line in exercise.stub.splitlines() if "# TODO" not in line]
    solution = exercise.solution.splitlines()
    assert all(line in solution for line in kept)
    assert len(kept) < len(solution)
    for text in (exercise.stub, exercise.solution):
        assert "CHAPTER" not in text and "solution:" not in text
        compile(text, name, "exec")
    compile(exercise.file, name, "exec")
    assert exercise.statement and exercise.title
