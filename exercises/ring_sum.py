"""A ring all-reduce.

Each of n workers has a list of n numbers. In round r = 0, ..., n - 2 worker k sends its
number at place (k - r) % n to worker (k + 1) % n, which adds it to its own at that
place. In n - 1 further rounds, r from 0 again, worker k sends what stands at place
(k + 1 - r) % n, and the next worker puts it in place of its own. All send at once.
Return what each worker has in the end, and how many numbers each has sent.
"""


def all_reduce(lists):
    """The lists after all rounds, and the numbers that one worker has sent."""
    # solution: begin
    n = len(lists)
    held = [list(numbers) for numbers in lists]
    sent = 0
    for gathering in (True, False):
        for r in range(n - 1):
            places = [(k - r + (not gathering)) % n for k in range(n)]
            messages = [held[k][place] for k, place in enumerate(places)]
            for k, place in enumerate(places):
                other = held[(k + 1) % n]
                if gathering:
                    other[place] += messages[k]
                else:
                    other[place] = messages[k]
            sent += 1
    return held, sent
    # solution: end


# check
CHAPTER = "evidence/scaling"
KIND, LEVEL = "compute", 3
HINT = (
    "Read all messages of a round before any of them is written. After the first half "
    "worker k has the sum at place (k + 1) % n; the second half sends that on."
)

from gradient_ascent.exercises import Property


def check(solved):
    """One worker, two, and more; whole numbers, so that no order of sums matters."""
    for lists in (
        [[5]],
        [[1, 2], [10, 20]],
        [[1, 2, 3], [10, 20, 30], [100, 200, 300]],
        [[3, 1, 4, 1], [5, 9, 2, 6], [5, 3, 5, 8], [9, 7, 9, 3]],
        [[k * j for j in range(6)] for k in range(6)],
    ):
        n = len(lists)
        given = [list(numbers) for numbers in lists]
        gave = solved.all_reduce([list(numbers) for numbers in lists])
        held, sent = (
            gave if isinstance(gave, tuple) and len(gave) == 2 else (gave, None)
        )
        total = [sum(column) for column in zip(*lists)]
        yield Property(
            f"What the last of {n} workers has, from {given}",
            held and list(held[-1]),
            total,
            {
                "It has only its own numbers still.": given[-1],
                "That is after the first half: one sum is complete, and the complete "
                "ones go round once more.": halfway(given)[-1],
                "That is the mean: the workers add up.": [x / n for x in total],
            },
        )
        yield Property(
            f"All {n} workers have the same",
            [list(each) for each in held],
            [total] * n,
            {"The others have not got it all.": halfway(given)},
        )
        yield Property(
            f"Numbers that each of {n} workers sends",
            sent,
            2 * (n - 1),
            {
                "That is one half: the sums have to go round as well.": n - 1,
                "That is what all workers send together.": 2 * n * (n - 1),
                "A worker sends nothing to itself: n - 1 rounds of each kind.": 2 * n,
            },
        )


def halfway(lists):
    """The lists after the first half."""
    n = len(lists)
    held = [list(numbers) for numbers in lists]
    for r in range(n - 1):
        messages = [held[k][(k - r) % n] for k in range(n)]
        for k, number in enumerate(messages):
            held[(k + 1) % n][(k - r) % n] += number
    return held
