"""The tables printed in the notebook on optimizers, digit by digit.

p² from 10, descending: with a rate of 0.1, with 1.05, and Adam with 1.05. The columns
are typed as the notebook prints them; of Adam's table the last rows are cut off there.
"""

from math import isclose

import pytest

from gradient_ascent import rules
from gradient_ascent.landscapes import parabola
from gradient_ascent.trace import run

SLOW = """
10.00  20.0000  2.0000  8.00
 8.00  16.0000  1.6000  6.40
 6.40  12.8000  1.2800  5.12
 5.12  10.2400  1.0240  4.10
 4.10   8.1920  0.8192  3.28
 3.28   6.5536  0.6554  2.62
 2.62   5.2429  0.5243  2.10
 2.10   4.1943  0.4194  1.68
 1.68   3.3554  0.3355  1.34
 1.34   2.6844  0.2684  1.07
"""

DIVERGING = """
 10.00   20.0000   21.0000  -11.00
-11.00  -22.0000  -23.1000   12.10
 12.10   24.2000   25.4100  -13.31
-13.31  -26.6200  -27.9510   14.64
 14.64   29.2820   30.7461  -16.11
-16.11  -32.2102  -33.8207   17.72
 17.72   35.4312   37.2028  -19.49
-19.49  -38.9743  -40.9231   21.44
 21.44   42.8718   45.0154  -23.58
-23.58  -47.1590  -49.5169   25.94
"""

ADAM = """
10.00  20.0000  2.00  0.40  20.00  400.00  1.0500  8.95
 8.95  17.9000  3.59  0.72  18.89  360.19  1.0454  7.90
 7.90  15.8093  4.81  0.97  17.76  323.40  1.0367  6.87
 6.87  13.7358  5.70  1.16  16.59  289.67  1.0233  5.84
 5.84  11.6891  6.30  1.29  15.39  259.00  1.0042  4.84
 4.84   9.6808  6.64  1.38  14.17  231.38  0.9783  3.86
 3.86   7.7242  6.75  1.44  12.94  206.78  0.9446  2.92
"""


def rows(table: str) -> list[list[str]]:
    return [line.split() for line in table.strip().splitlines()]


@pytest.mark.parametrize(("lr", "table"), [(0.1, SLOW), (1.05, DIVERGING)])
def test_descent(lr: float, table: str) -> None:
    trace = run("plain", parabola, start=10, steps=10, lr=lr)
    printed = [
        [f"{p:.2f}", f"{2 * p:.4f}", f"{p - after:.4f}", f"{after:.2f}"]
        for (p,), (after,) in zip(trace.positions, trace.positions[1:])
    ]
    assert printed == rows(table)


def test_adam() -> None:
    p, state, printed = 10.0, rules.AdamState(), []
    for t in range(1, 8):
        (gradient,) = parabola.gradient((p,))
        uphill = rules.uphill(gradient, maximize=False)
        step, state = rules.adam(uphill, state, lr=1.05)
        m, v = -state.exp_avg, state.exp_avg_sq  # the notebook averages the descent's
        m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.999**t)
        averages = [f"{each:.2f}" for each in (m, v, m_hat, v_hat)]
        row = [f"{p:.2f}", f"{gradient:.4f}", *averages, f"{-step:.4f}"]
        p += step
        printed.append([*row, f"{p:.2f}"])
    assert printed == rows(ADAM)


def test_adams_run_is_the_same_as_a_trace() -> None:
    trace = run("adam", "parabola", steps=7, lr=1.05)
    assert [f"{p:.2f}" for (p,) in trace.positions] == [
        *(row[0] for row in rows(ADAM)), rows(ADAM)[-1][-1]
    ]  # fmt: skip


def test_the_cut_off_row_as_far_as_it_is_printed() -> None:
    p, state = 10.0, rules.AdamState()
    for _ in range(8):
        at = p
        step, state = rules.adam(-2 * p, state, lr=1.05)
        p += step
    m, v = -state.exp_avg, state.exp_avg_sq
    averages = [m, v, m / (1 - 0.9**8), v / (1 - 0.999**8)]
    printed = [f"{at:.2f}", f"{2 * at:.4f}", *(f"{each:.2f}" for each in averages)]
    assert printed == ["2.92", "5.8350", "6.66", "1.48", "11.69", "185.11"]


@pytest.mark.parametrize(("lr", "factor"), [(0.1, 0.8), (1.05, -1.1)])
def test_descent_multiplies_by_one_minus_twice_the_rate(
    lr: float, factor: float
) -> None:
    trace = run("plain", parabola, start=10, steps=10, lr=lr)
    for t, (p,) in enumerate(trace.positions):
        assert isclose(p, 10 * factor**t, rel_tol=1e-13)
