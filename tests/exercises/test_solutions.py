"""Every solution passes its check, every stub fails it, and mistakes are named."""

import re

import pytest

from gradient_ascent.exercises import check, load, names

# A solution, changed as readers change it, and the sentence that helps.
WRONG = [
    ("first_step", "x + lr * -2 * x, y + lr * -8", "x - lr * -2 * x, y - lr * -8",
     "downhill"),
    ("first_step", "return x + lr * -2 * x, y +", "return lr * -2 * x,", "step alone"),
    ("first_step", "+ lr * -2 * x, y + lr *", "+ -2 * x, y +", "η is missing"),
    ("first_step", "-2 * x, y + lr * -8", "-x, y + lr * -4", "derivative of x²"),
    ("gradients_by_hand", "return 0.2 * x1, 4 * x2", "return 0.1 * x1, 2 * x2",
     "factor 2"),
    ("gradients_by_hand", "return 0.2 * x1", "return -0.2 * x1", "got (1, -8)"),
    ("gradients_by_hand", "(b + 1), outer", "b, outer", "a occurs twice"),
    ("training_loop", "optimizer.zero_grad()", "pass", "zero_grad"),
    ("training_loop", "optimizer.step()", "pass", "No step was taken"),
    ("gradient_descent", "return lr", "return -lr", "downhill"),
    ("gradient_descent", "return lr * ", "return ", "η is missing"),
    ("gradient_descent", "plain(-slope", "plain(slope", "uphill: give the rule"),
    ("gradient_descent", "x = x + step", "x + step", "has not moved"),
    ("gradient_check", "for i, each in enumerate(numbers):",
     "for i, each in enumerate(numbers[:1]):", "every coordinate"),
    ("gradient_check", "max(1e-6, abs(slope))", "max(1, abs(slope))",
     "small slopes count"),
    ("gradient_check", "1e-4 * max(1e-6, abs(slope))", "1e-6", "This machine is right"),
    ("gradient_check", "numbers = [number(x)", "numbers = [number(0.0)",
     "This machine is right"),
    ("momentum", "return lr", "return -lr", "downhill"),
    ("momentum", "* velocity + gradient", "* velocity + (1 - momentum) * gradient",
     "is a sum here"),
    ("momentum", "lr * velocity, velocity", "lr * velocity, 0.0", "got"),
    ("momentum", "velocity = momentum * velocity + gradient",
     "return lr * (momentum * velocity + gradient), velocity", "Only η g is left"),
    ("momentum", "velocity = momentum * velocity + gradient",
     "return lr * velocity, momentum * velocity + gradient", "old velocity"),
    ("momentum", "return lr * velocity", "return lr * gradient", "Only η g is left"),
    ("momentum", "return lr * velocity", "return lr * (gradient + momentum * velocity)",
     "Nesterov's step"),
    ("momentum", "+ gradient\n    return lr * velocity",
     "+ lr * gradient\n    return velocity", "as in the notebook"),
    ("momentum", "return lr * velocity, velocity", "return lr * velocity",
     "returns two things"),
    ("nesterov", "return lr", "return -lr", "downhill"),
    ("nesterov", "(gradient + momentum * velocity)", "velocity", "step of momentum"),
    ("nesterov", "    velocity = momentum", "    new = momentum", "of momentum"),
    ("look_ahead", "theta + lr * momentum * velocity", "theta + momentum * velocity",
     "η is missing"),
    ("look_ahead", "theta + lr * momentum * velocity", "theta - lr * momentum * "
     "velocity", "looks back"),
    ("look_ahead", "theta + lr * momentum * velocity", "theta + lr * velocity",
     "Only μ v"),
    ("look_ahead", "gradient(ahead(theta, velocity, lr, momentum))", "gradient(theta)",
     "that is momentum"),
    ("look_ahead", "    velocity = momentum * velocity + slope", "    old = velocity\n"
     "    velocity = momentum * old + slope\n    return theta + lr * velocity, old",
     "forgotten"),
    ("look_ahead", "velocity + slope", "velocity - slope", "downhill"),
    ("restart", "if slope * velocity < 0", "if False", "never restarts"),
    ("restart", "velocity < 0", "velocity > 0", "all is well"),
    ("restart", "            k = 1", "            velocity = 0.0", "k back to 1"),
    ("restart", "slope = gradient", "slope = -gradient", "downhill"),
    ("adagrad", "return lr", "return -lr", "downhill"),
    ("adagrad", " + eps)", ")", "ε is missing"),
    ("adagrad", "(math.sqrt(total) + eps)", "math.sqrt(total + eps)", "as in the note"),
    ("adagrad", "+ eps), total", "+ eps), 0.0", "got"),
    ("adagrad", "math.sqrt(total)", "total", "root is missing"),
    ("far_enough", "return t", "return math.ceil(distance / lr)", "Only the first"),
    ("far_enough", "return t", "return math.ceil((distance / 2 / lr) ** 2)",
     "add the steps up"),
    ("shock", "over / 3) / -", "over) / -", "under the root half is at"),
    ("shock", "(1 - alpha) * (shock", "(shock", "the weight 1 - α"),
    ("shock", "    if over <= 3:\n        return 0\n", "", "the wait is 0"),
    ("centered", "return lr", "return -lr", "downhill"),
    ("centered", "s - m**2", "s", "subtract m²"),
    ("centered", "s - m**2", "s - m", "the square of m"),
    ("centered", "s - m**2", "s - averages[1]**2", "with the new m"),
    ("centered", "max(s - m**2, 0.0)", "s - m**2", "the root of a negative"),
    ("centered", "max(s - m**2, 0.0)", "abs(s - m**2)", "max, not abs"),
    ("rmsprop", "return lr", "return -lr", "downhill"),
    ("rmsprop", " + eps)", ")", "ε is missing"),
    ("rmsprop", "(1 - alpha) * ", "", "counts in full"),
    ("rmsprop", "alpha * average + (1 - alpha) *", "(1 - alpha) * average + alpha *",
     "swapped"),
    ("rmsprop", "(math.sqrt(average) + eps)", "math.sqrt(average + eps)",
     "as in the notebook"),
    ("adam", "param.value -=", "param.value +=", "uphill"),
    ("adam", " + self.eps)", ")", "ε is missing"),
    ("adam", "(math.sqrt(v_hat) + self.eps)", "math.sqrt(v_hat + self.eps)",
     "inside the root"),
    ("adam", "m_hat = ", "self.beta1 = self.beta2 = 0; m_hat = ", "got"),
    ("adam", "m_hat / (math.sqrt(v_hat)", "self.m[i] / (math.sqrt(self.v[i])",
     "bias corrections are missing"),
    ("adam_rule", "return lr", "return -lr", "downhill"),
    ("adam_rule", " + eps)", ")", "ε is missing"),
    ("adam_rule", "(math.sqrt(v_hat) + eps)", "math.sqrt(v_hat + eps)",
     "inside the root"),
    ("adam_rule", "m_hat / (math.sqrt(v_hat)", "m / (math.sqrt(v)",
     "bias corrections are missing"),
    ("adam_rule", "+ eps), (t, m, v)", "+ eps), (t, m_hat, v_hat)", "as they are"),
    ("adam_rule", "+ eps), (t, m, v)", "+ eps)", "returns two things"),
    ("amsgrad", "u_hat = m / (1 - beta1**t), u", "u_hat = m / (1 - beta1**t), v",
     "scale shrinks"),
    ("amsgrad", "return lr", "return -lr", "downhill"),
    ("amsgrad", "m / (1 - beta1**t), u / (1 - beta2**t)", "m, u", "as in the paper"),
    ("amsgrad", "max(u, v)", "max(u, v / (1 - beta2**t)) * (1 - beta2**t)", "got"),
    ("amsgrad", " + eps)", ")", "ε is missing"),
    ("warmup_and_decay", "max(0, t - full)", "t", "only after the warmup"),
    ("warmup_and_decay", "min(1, t / full)", "(t / full)", "goes on past 1"),
    ("warmup_and_decay", " * decay ** max(0, t - full)", "", "decay is missing"),
    ("ball", "if length <= radius:", "if False:", "stays where it is"),
    ("ball", "[radius / length * x", "[x / length", "make the length the radius"),
    ("simplex", "max(x - threshold, 0.0)", "x - (sum(point) - 1) / len(point)",
     "cut off"),
    ("simplex", "max(x - threshold, 0.0)", "x / sum(point)", "got"),
    ("paired_p_value", "2 * tail", "tail", "double it"),
    ("paired_p_value", "min(1.0, 2 * tail)", "2 * tail", "at most 1"),
    ("paired_p_value", "n = gains + losses", "n = len(first)", "do not count"),
    ("paired_p_value", "max(gains, losses)", "min(gains, losses)", "the larger"),
    ("paired_p_value", ", n + 1))", ", max(gains, losses) + 1))", "add those of more"),
    ("shared_budget", "if height > highest", "if True", "need not be"),
    ("shared_budget", "return best", "return x", "was not evaluated"),
    ("shared_budget", "return best", "return highest", "That is the height"),
    ("shared_budget", " // len(starts)", "", "The runs share"),
    ("shared_budget", "x += eta", "x -= eta", "downhill"),
    ("sign_class", "return lr", "return -lr", "downhill"),
    ("sign_class", "((gradient > 0) - (gradient < 0))", "gradient", "must not matter"),
    ("sign_class", "((gradient > 0) - (gradient < 0))", "(1 if gradient > 0 else -1)",
     "the parameter stays"),
    ("sign_class", "((gradient > 0) - (gradient < 0)), state",
     "((gradient > 0) - (gradient < 0))", "give the state back"),
    ("sign_class", "return sign_ascent(gradient,",
     "return sign_ascent(gradient if self.maximize else -gradient,", "already"),
    ("sign_class", ", lr=self.eta", "", "its own η"),
    ("equal_speed", "2 / curvature - lr", "-lr", "mirror at 1 / λ"),
    ("equal_speed", "2 / curvature - lr", "1 / curvature - lr", "distance from 1 / λ"),
    ("equal_speed", "2 / curvature - lr", "1 - lr", "got 0.99"),
    ("equal_speed", "math.ceil", "math.floor", "One too few"),
    ("equal_speed", "abs(1 - lr * curvature)", "lr * curvature", "got"),
    ("memory", "math.log(0.5)", "math.log(2)", "A time is positive"),
    ("memory", "math.log(0.5) / math.log(momentum)", "1 / (1 - momentum)", "sum of"),
    ("memory", "math.log(0.5) / math.log(momentum)", "math.log(2) / (1 - momentum)",
     "solve it exactly"),
    ("memory", "0.5 ** (1 / steps)", "1 - 1 / steps", "halve a single one"),
    ("memory", "0.5 ** (1 / steps)", "1 - math.log(2) / steps", "solve it exactly"),
    ("long_run_factor", "abs(half + root), abs(half - root)", "abs(half + root)",
     "other root is larger"),
    ("long_run_factor", "abs(half + root), abs(half - root)", "abs(half - root)",
     "the larger size"),
    ("long_run_factor", "max(sizes)", "min(sizes)", "got"),
    ("long_run_factor", "max(sizes)", "momentum**0.5", "roots are complex"),
    ("long_run_factor", "abs(half + root), abs(half - root)",
     "abs((half + root).real), abs((half - root).real)", "its real part"),
    ("best_momentum", "(1 - slow) ** 2, (1 - steep) ** 2", "1 - slow, abs(1 - steep)",
     "square it"),
    ("best_momentum", "max((1 - slow) ** 2, (1 - steep) ** 2)", "(1 - slow) ** 2",
     "steepest direction"),
    ("best_momentum", "max((1 - slow) ** 2, (1 - steep) ** 2)", "(1 - steep) ** 2",
     "flattest direction"),
    ("best_momentum", "max((1 - slow) ** 2, (1 - steep) ** 2)",
     "((high**0.5 - low**0.5) / (high**0.5 + low**0.5)) ** 2", "suits the best η"),
    ("lone_gradient", "math.sqrt(v_hat)", "v_hat", "under a root"),
    ("lone_gradient", " / (1 - beta1**t)\n    v_hat = (1 - beta2) / (1 - beta2**t)",
     "\n    v_hat = 1 - beta2", "long silence"),
    ("lone_gradient", "m_hat / math.sqrt(v_hat)", "1.0", "constant gradient"),
    ("smallest_epsilon", "(1 - beta1) / (2 * (1 + beta1))", "1 / (2 * (1 + beta1))",
     "1 - β₁"),
    ("smallest_epsilon", "(2 * (1 + beta1))", "2", "below 2 + 2 β₁"),
    ("smallest_epsilon", "lr * curvature", "lr", "steepness counts"),
    ("adamw_rule", "step - lr * weight_decay", "step + lr * weight_decay", "grows"),
    ("adamw_rule", "lr * weight_decay", "weight_decay", "carries the learning rate"),
    ("adamw_rule", "rules.adam(gradient, state, lr=lr)\n    return step - lr * "
     "weight_decay * parameter", "rules.adam(gradient - weight_decay * parameter, "
     "state, lr=lr)\n    return step", "L2 penalty"),
    ("adamw_rule", "* parameter, state", "* (parameter + step), state", "as it was"),
    ("decay_for", "(1 - share ** (1 / steps))", "(1 - share) / steps", "take the root"),
    ("decay_for", " / lr", "", "divide by η"),
    ("decay_for", "share **", "(1 - share) **", "not lost"),
    ("decay_for", "(1 - share ** (1 / steps)) / lr",
     "(1 / share - 1) / (steps * lr)", "got"),
    ("last_cycle", "math.fmod(start, lr)", "start % lr", "other sign"),
    ("last_cycle", "rest - math.copysign", "rest + math.copysign", "on one side"),
    ("last_cycle", "rest, rest - math.copysign(lr, start)", "rest, -rest", "η farther"),
    ("last_cycle", "rest, rest - math.copysign(lr, start)",
     "rest - math.copysign(lr, start), rest", "Begin with the side"),
    ("signum", "return lr", "return -lr", "downhill"),
    ("signum", "sign(velocity)", "sign(gradient)", "sign of the gradient"),
    ("signum", "(1 - momentum) * gradient", "gradient", "average here"),
    ("signum", "* sign(velocity)", "* velocity", "of the velocity alone"),
    ("torch_sgd", "theta - lr", "theta + lr", "other direction"),
    ("torch_sgd", "b = g if", "b = (1 - dampening) * g if", "begins with the second"),
    ("torch_sgd", "weight_decay * theta",
     "weight_decay * theta * (-1 if maximize else 1)", "before the penalty"),
    ("handed_over", "-velocity", "velocity", "points downhill"),
    ("handed_over", "-velocity / eta", "-velocity", "without η"),
    ("handed_over", "-velocity / eta", "velocity", "the sign and η"),
    ("ahead_weights", "(1 - momentum) * momentum**age", "momentum**age", "of a sum"),
    ("ahead_weights", "if not nesterov", "if True", "plain momentum"),
    ("ahead_weights", "ahead[0] + 1 - momentum", "ahead[0]", "once more"),
    ("outlier", "n, s = 1", "n, s = 0", "One too few"),
    ("outlier", "k**2", "abs(k)", "square of k"),
    ("outlier", "math.sqrt(beta * s + 1 - beta)", "(beta * s + 1 - beta)", "got"),
    ("longest_step", "lengths.index(most) + 1", "lengths.index(most)", "from 1"),
    ("longest_step", "momentum * v + 1,", "momentum * v + 1 - momentum,", "is a sum"),
    ("rule_tests", "step, *state = rule(1.0, *state)", "step, *_ = rule(1.0)",
     "hand its state on"),
    ("rule_tests", "abs(step - 1) > 1e-3", "step > 1.001", "both directions"),
    ("rule_tests", "abs(step - 1) > 1e-3", "step != 1", "allow for rounding"),
    ("rule_tests", "range(210)", "range(11)", "wait the 200 steps"),
    ("too_fast", "share *= 1 - 2 * lr\n        lr *= decay",
     "lr *= decay\n        share *= 1 - 2 * lr", "whole η"),
    ("too_fast", "1 - 2 * lr", "1 - lr", "2 p"),
    ("best_plain", "return 2 / (low + high)", "return 2 / high", "got"),
    ("best_plain", "return 2 / (low + high), (high - low) / (high + low)",
     "return 2 / high, 1.0", "bounces forever"),
    ("best_plain", "return 2 / (low + high), (high - low) / (high + low)",
     "return 1 / high, 1 - low / high", "go farther"),
    ("best_plain", "low, high = min(curvatures), max(curvatures)",
     "low, high = curvatures[0], curvatures[-1]", "got"),
    ("best_plain", "math.ceil", "math.floor", "One too few"),
    ("diagonal_scaling", "1 / a, 1 / b", "a, b", "the other way"),
    ("diagonal_scaling", "1 / a, 1 / b", "a**-0.5, b**-0.5", "by the square"),
    ("diagonal_scaling", "1 / a, 1 / b", "2 / a, 2 / b", "halve it"),
    ("diagonal_scaling", "abs(c)", "c", "by its size"),
    ("power_iteration", "v = [x / length for x in v]", "", "got"),
    ("power_iteration", "v = image\n", "v = start\n", "along the start"),
    ("power_iteration", "return top - largest", "return largest", "take it from"),
    ("power_iteration", "top * x - y", "y", "got"),
    ("too_fast", "return high", "return 1 + 2 * lr / __import__('math').log(share)",
     "That is a bound"),
    ("steepest_step", "return [g / length", "return [g / sum(map(abs, gradient))",
     "got"),
    ("steepest_step", "return signs", "return gradient", "make its length 1"),
    ("steepest_step", "return signs", "return [-s for s in signs]", "downhill"),
    ("steepest_step", "return signs", "return [g / max(map(abs, gradient)) "
     "for g in gradient]", "another direction"),
    ("steepest_step", "return signs", "return [1.0 for _ in signs]", "keep its sign"),
    ("steepest_step", "max(map(abs, gradient))\n        return [sign * (abs(g) ==",
     "max(gradient)\n        return [sign * (g ==", "whatever its sign"),
    ("halving", "while f", "lr /= 2\n    while f", "before you halve"),
    ("halving", " + lr * g * g / 2:", ":", "To climb at all"),
    ("halving", "lr * g * g / 2:", "lr * g * g and lr > 2e-12:", "half of what"),
    ("halving", "while f(x + lr * g) < f(x) + lr *", "whole = lr\n    while lr > 2e-12 "
     "and f(x + lr * g) < f(x) + whole *", "shrinks with"),
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
    told = verdict.sentence
    assert re.search(r"got .*, expected (.*\d|True)", told), told
    assert "still to be written" in told


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
    assert max(map(len, exercise.stub.splitlines())) <= 80  # as wide as a box
    assert exercise.statement and exercise.title
