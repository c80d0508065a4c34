"""How each figure of a cohort is made, in plain sentences: the page that answers a hostile question."""

from __future__ import annotations

from scoring.cohort import ENOUGH, RAW_BELOW, SMALL_GROUP

METHOD: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "What it may not be used for",
        (
            "Nobody is ranked here. The figures describe simulated choices, not people at work. They say "
            "what to train and what to mend between agencies; they are not for discipline, hiring or certification.",
        ),
    ),
    (
        "Which sessions count",
        (
            "Sessions that people played to an ending. Unfinished ones, those taken back, and those the computer played alone are "
            "counted on the first page and enter no figure; sessions judged again under another agreement stay apart.",
            "After a rewind the first branch counts: what was tried again is practice. Choices the computer made are left out, and a "
            "seat it took over counts as its own from the beginning, so that nobody can tell who stepped out.",
        ),
    ),
    (
        "n, counts and percentages",
        (
            f"Every figure shows n: the sessions, duties, decisions or plays it rests on. Below {RAW_BELOW} it is a count, such as 7 of "
            f"12; below {ENOUGH} there is not enough to say. A group of fewer than {SMALL_GROUP} people of an agency does not appear, "
            "nor does another from which it could be worked out.",
        ),
    ),
    (
        "Intervals",
        (
            "In brackets: the range in which the figure would lie 95 times in 100 if other workshops of the same kind were held. People "
            "of one workshop are more alike than people of different ones, so the interval is made from workshops and not from single "
            "plays. One workshop alone gives none.",
        ),
    ),
    (
        "Lines and duties",
        (
            "A line counts once a session in the share, and each time in the count. A duty is kept if it was done by its deadline, of "
            "those that came due; excused ones, and those not yet due at the end, are told and not counted. Times are minutes of the "
            "story, from trigger to done, also if late; the median is the middle one.",
        ),
    ),
    (
        "Practice",
        (
            "For each decision in which the open options differed on a principle: points chosen less the lowest, of the highest less the "
            "lowest, added up over decisions. Ratings are the authors'. A principle that no choice could show is not observed; it is not "
            "nought. Seats face other choices and are never set side by side; agencies stand in alphabetical order, within one seat.",
        ),
    ),
    (
        "Turning points",
        (
            "What was still attainable is computed exactly before and after each choice. A choice is charged only with what its seat could "
            "have known. Loss is lines, then duty points (missed 2, late 1), then practice points, and is never added up.",
        ),
    ),
    (
        "Change",
        (
            "A person is a random number of this store: the same wherever the same alias of the same agency plays. A later play of the "
            "same scenario also shows memory; a parallel one does not. Differences are between a person's own plays.",
        ),
    ),
    (
        "Letters and agreement",
        (
            "P, S, M, U follow from a rule: a duty missed, U; else a line crossed, M; else late or practice under three quarters, S; else "
            "P. Kappa is Cohen's, with linear weights: two letters apart weighs twice as much as one. Only ratings given before the rule's "
            "letter was shown enter it.",
        ),
    ),
)
