"""Every optimizer has one budget, and is tuned on other seeds than it reports."""

from collections import Counter
from dataclasses import replace

import pytest

from gradient_ascent.benchmarks.plan import FULL, QUICK, TEN, Plan, choose
from tests.benchmarks.test_runs import RUN

PLAN = Plan(("ravine", "beale"), ("SGD", "Adam"), 3, 2, 10)


@pytest.mark.parametrize("plan", [*QUICK, *FULL, *TEN, PLAN])
def test_all_have_the_same_number_of_trials_on_the_same_seeds(plan: Plan) -> None:
    jobs = plan.first()
    counts = Counter((job.problem, job.optimizer, job.role) for job in jobs)
    assert set(counts.values()) <= {plan.trials * plan.tuning_seeds, plan.report_seeds}
    assert plan.report_seeds >= 10
    seeds = {role: {j.seed for j in jobs if j.role == role} for role in ("tuning",)}
    assert not seeds["tuning"] & {j.seed for j in jobs if j.role == "default"}


def test_the_report_is_of_the_chosen_trial_on_the_defaults_seeds() -> None:
    runs = [
        replace(RUN, problem=j.problem, optimizer=j.optimizer, role="tuning",
                trial=j.trial, seed=j.seed, gap=1e-2 if j.trial == 1 else 1.0)
        for j in PLAN.first() if j.role == "tuning"
    ]  # fmt: skip
    reports = PLAN.second(runs)
    assert len(PLAN.first()) + len(reports) == len(PLAN)
    assert {job.trial for job in reports} == {1}
    assert {job.role for job in reports} == {"report"}
    assert dict(reports[0].settings) == PLAN.settings("SGD")[1]
    defaults = {j.seed for j in PLAN.first() if j.role == "default"}
    assert {job.seed for job in reports} == defaults


def test_of_equal_scores_the_one_that_is_there_first_is_chosen() -> None:
    run = replace(RUN, role="tuning", gap=0.0)
    late, soon = replace(run, trial=0, reached=50), replace(run, trial=1, reached=20)
    never = replace(run, trial=2, reached=None)
    (trial,) = choose([late, soon, never]).values()
    assert trial == 1
    (trial,) = choose([never, late]).values()
    assert trial == 0


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"trials": -1}, "trials must be 0 or more"),
        ({"report_seeds": 9}, "report_seeds must be 10 or more"),
        ({"tuning_seeds": 1001}, "tuning_seeds must be 1000 at most"),
        ({"most_steps": 0}, "most_steps must be 1 or more"),
        ({"problems": ("hill",)}, "there is no problem 'hill'"),
        ({"optimizers": ("adam",)}, "did you mean Adam"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(changed: dict, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        replace(PLAN, **changed)
