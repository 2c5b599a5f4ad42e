"""The mean of the middle half.

Each list in `scores` has one method's scores on one problem, one from each seed. Put
all of them in order, leave out the lowest quarter and the highest quarter (of n scores
the lowest n // 4 and the highest n // 4), and return the mean of the rest: the
interquartile mean.
"""


def interquartile_mean(scores):
    """The mean of the middle half of all scores."""
    # solution: begin
    ordered = sorted(score for problem in scores for score in problem)
    cut = len(ordered) // 4
    kept = ordered[cut : len(ordered) - cut]
    return sum(kept) / len(kept)
    # solution: end


# check
CHAPTER = "evidence/benchmarks"
KIND, LEVEL = "compute", 1
HINT = "First make one list of all scores. A slice takes the middle of a sorted list."

import statistics

from gradient_ascent.exercises import Property


def kept(values, cut_low, cut_high):
    """The mean of a sorted list without its ends."""
    return statistics.fmean(sorted(values)[cut_low : len(values) - cut_high])


def check(solved):
    """As many as can be divided by four, others, few, and one problem far off."""
    for scores in (
        [[0.2, 0.4], [0.9, 1.0]],
        [[0.0, 0.6, 0.7], [0.5, 0.8, 1.0], [0.1, 0.9, 0.9]],
        [[0.3]],
        [[0.5, 0.1, 0.6, 0.2, 0.9], [100.0, 90.0, 80.0, 95.0, 85.0]],
    ):
        flat = [score for problem in scores for score in problem]
        cut = len(flat) // 4
        middles = [kept(problem, len(problem) // 4, len(problem) // 4)
                   for problem in scores]  # fmt: skip
        yield Property(
            f"The interquartile mean of {scores}",
            solved.interquartile_mean(scores),
            kept(flat, cut, cut),
            {
                "That is the mean of all.": statistics.fmean(flat),
                "That is the median.": statistics.median(flat),
                "Leave out the lowest quarter as well.": kept(flat, 0, cut),
                "Leave out the highest quarter as well.": kept(flat, cut, 0),
                "Put the scores in order first.": statistics.fmean(
                    flat[cut : len(flat) - cut]
                ),
                "Take the quarters of all scores, not of each problem's.": (
                    statistics.fmean(middles)
                ),
            },
        )
