"""What a step costs: counted from the rule, and from what is done."""

from pathlib import Path

import pytest
import torch

from gradient_ascent import optim, speed
from gradient_ascent.optim.optimizer import RuleOptimizer
from gradient_ascent.speed.shapes import gpt2, resnet50

KINDS = [k for k in optim.OPTIMIZERS.values() if issubclass(k, RuleOptimizer)]


def test_the_shapes_have_the_published_sizes() -> None:
    sizes = [sum(map(torch.Size.numel, map(torch.Size, f()))) for f in (resnet50, gpt2)]
    assert sizes == [25_557_032, 124_439_808]


def test_what_a_step_must_move() -> None:
    params = speed.parameters([(3, 5), (2,)])
    numbers = {k.__name__: speed.numbers_moved(k(params)) for k in KINDS}
    assert numbers["Adam"] == 7  # parameter and two averages in and out, gradient in
    assert numbers["Momentum"] == numbers["Lion"] == 5
    assert (numbers["SGD"], numbers["AMSGrad"]) == (3, 9)
    assert speed.bytes_moved(optim.Adam(params)) == 7 * 4 * 17
    half = [p.detach().bfloat16() for p in params]
    assert speed.bytes_moved(optim.Adam(half)) == 7 * 2 * 17
    two = optim.Adam([{"params": params[:1]}, {"params": params[1:]}])
    assert speed.bytes_moved(two) == 7 * 4 * 17


@pytest.mark.parametrize("kind", KINDS)
def test_the_loop_loads_and_stores_each_number_once(kind: type[RuleOptimizer]) -> None:
    make = kind
    optimizer = make(speed.parameters([(10,)]))  # type: ignore[call-arg]
    text = speed.kernel_text(optimizer)
    assert text.startswith("/* Each chunk")
    lines = [line.strip() for line in text.splitlines()]
    loads = [x for x in lines if x.endswith("_[i];") and x.startswith("const T")]
    stores = [x for x in lines if "_[i] = " in x and not x.startswith("const T")]
    assert len(loads) + len(stores) == speed.numbers_moved(optimizer)
    assert speed.operations(optimizer) == sum(x.startswith("const T t") for x in lines)


def test_a_state_in_bfloat16_is_seen_in_the_loop() -> None:
    optimizer = optim.Adam(speed.parameters([(10,)]))
    optimizer.step()
    optim.keep_in_bfloat16(optimizer)
    text = speed.kernel_text(optimizer)
    assert "exp_avg_[i] = by_chance(" in text and "from_bf16(exp_avg_sq_[i])" in text


def test_operations_and_their_bytes_are_counted() -> None:
    a, b = torch.ones(10), torch.ones(10)
    with speed.Ops() as ops:
        a.add_(b)  # reads two, writes one
    assert (ops.count, ops.bytes) == (1, 120)
    with speed.Ops() as ops:
        a.view(2, 5)[0]  # a look
        a.copy_(b)  # what was there is not read
        torch._foreach_add_([a, b], [b, a])
    assert (ops.count, ops.bytes) == (2, 80 + 240)


def test_all_take_turns() -> None:
    calls: list[str] = []
    step = {name: lambda name=name: calls.append(name) for name in "ab"}
    taken = speed.in_turns(step, 3)
    rounds = ["".join(calls[k : k + 2]) for k in range(0, len(calls), 2)]
    assert len(rounds) == 4  # the first is not timed
    assert {*rounds} == {"ab", "ba"}
    assert {name: len(times) for name, times in taken.items()} == {"a": 3, "b": 3}


def test_what_is_slow_sits_out_but_for_two_times() -> None:
    calls: list[str] = []
    step = {name: lambda name=name: calls.append(name) for name in "ab"}
    taken = speed.in_turns(step, 9, enough=0)
    assert [len(times) for times in taken.values()] == [2, 2]


def test_the_line_is_that_of_exact_times() -> None:
    line = speed.line_of([1, 10, 500], [5 + 0.25 * n for n in (1, 10, 500)])
    assert line == pytest.approx((5, 0.25))
    with pytest.raises(ValueError, match="two or more, got 1 and 1"):
        speed.line_of([1], [1.0])


def test_rows_are_read_as_they_were_written(tmp_path: Path) -> None:
    rows = [
        speed.Timed("400 x 128", "Adam", "written", 7, 0.125, 0.1),
        speed.Timed("400 x 128", "Adam", "reference", 2, 71.5, 70.25, 6.0),
    ]
    stamp = {"machine": "one: two", "date": "2000-01-01"}
    speed.write(tmp_path / "cpu.csv", stamp, rows)
    found = speed.read(tmp_path / "cpu.csv")
    assert found == speed.Stamped(stamp, rows)
    assert found.of("400 x 128", "Adam")["written"] == rows[0]


def test_what_was_measured_is_stamped_and_small() -> None:
    folder = Path(speed.rows.__file__).parent / "results"
    assert "cpu" in speed.measured()
    for device, run in speed.measured().items():
        assert {"machine", "threads", "torch", "date", "command"} <= set(run.stamp)
        assert (folder / f"{device}.csv").stat().st_size < 30_000
        names = {row.rule for row in run.rows}
        assert {"SGD", "Adam", "GradientAscent"} <= names
        assert names <= {kind.__name__ for kind in KINDS}
        for shapes in speed.SHAPES:
            for name in names:
                assert {"roofline", "written"} <= set(run.of(shapes, name))
