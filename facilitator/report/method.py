"""How each figure of a report is made, in words for somebody who has to defend it. The last page of every report."""

from __future__ import annotations

from facilitator.report.document import Definitions, Items, Paragraph, Section
from scoring.cohort import ENOUGH, RAW_BELOW, SMALL_GROUP, WORKSHOPS
from scoring.objectives import LETTERS

NOT_A_CERTIFICATE = "This is a record of attendance. It is not a certificate and grants no credit: only an approved sponsor awards hours."

_RANKS = (
    "Law and life safety come before the agreement, the agreement before practice. They are compared in that order and "
    "never added up: there is no total, and a strong choice never makes up for a crossed line."
)
_DUTIES = (
    ("met", "Done by its deadline; the deadline is inclusive. A duty done before it was even due stays met."),
    ("late", "Done, but after the deadline."),
    ("missed", "Not done by the end of the play; or, where something must never happen, it happened."),
    ("excused", "Its own exception applied, or it collided with another rule in a dilemma, or only breaking the law could "
     "have kept it."),
    ("open at the end", "Not yet due when the play ended. It counts for nothing."),
    ("not triggered", "What it depends on did not come up in this play."),
    ("not played", "Nobody sat for that agency."),
)  # fmt: skip

_PRIVATE = (
    "Before somebody acts, a play may ask in private what the partner will do, whose duty something is, and how distressing a "
    "step was for the survivor. Each can be skipped; what was skipped is in no figure. A guess counts if it came true and was "
    "no breach foreseen. Whose duty it is follows from the agreement that was played. Distress, 0 to 10, is compared with the "
    "figure that the scenario's authors wrote for that step: a calibration of that eye, and no measurement of anybody's pain."
)


def letters() -> tuple[str, ...]:
    """P, S, M, U with HSEEP's words for them."""
    return tuple(f"{letter}: {words}." for letter, words in LETTERS.items())


def of_session(more: tuple[tuple[str, str], ...] = ()) -> tuple[Section, ...]:
    """How this report of one play was made. `more`: statuses of duties, with their words, that only some plays have."""
    return (
        Section(
            "How this report was made",
            (
                Paragraph(
                    "Everything here follows from the log of the play: who chose what, and when. The program weighs it "
                    "by rules that the authors of the scenario, of the agreement and of the law's profile wrote down "
                    "beforehand. Nobody marked it by hand, except where a facilitator's letter is shown."
                ),
                Paragraph(_RANKS),
            ),
            (
                _lines(),
                _statuses(more),
                _objectives(),
                Section("Practice", (Paragraph(_PRACTICE), Paragraph(_NOT_OBSERVED))),
                Section("Turning points and causes", (Paragraph(_TURNING), Paragraph(_ROOT))),
                Section("Who is left out", (Paragraph(_COMPUTER), Paragraph(_CLOSED))),
            ),
        ),
    )


def of_cohort(kind: str) -> tuple[Section, ...]:
    """How the figures of many sessions were made. `kind`: “workshop” or “cohort”."""
    return (
        Section(
            "How these figures were made",
            (
                Paragraph(
                    "Each session was weighed by rules written down beforehand, from the log of who chose what and when. "
                    f"The figures of this {kind} add up what the sessions came to. {_RANKS}"
                ),
            ),
            (
                Section(
                    "How much can be said",
                    (
                        Definitions((
                            ("n", ("What the figure rests on: sessions, decisions, duties that came due or ratings, as the "
                                   "table says.",)),
                            (f"n under {ENOUGH}", ("“Not enough to say”: only n is printed.",)),
                            (f"n under {RAW_BELOW}", ("Plain counts, such as 7 of 12, and no percentage.",)),
                            (f"n of {RAW_BELOW} and more", (
                                "A percentage with its 95 % interval: if the same training were held many times, about 19 of "
                                "20 such intervals would hold the true share.",)),
                            ("Intervals by workshop", (
                                "People who trained in one room are more alike than people of different ones. So an interval "
                                "takes a workshop, not a person, as its unit; without a workshop's name, the sessions of one day "
                                f"count as one. It needs {WORKSHOPS} workshops at least, and is wide where there are few. For what is rare, and what whole "
                                "rooms do alike, it is still too narrow.",)),
                            ("Small groups", (
                                f"A group of fewer than {SMALL_GROUP} people does not appear in a table by agency; where one "
                                "could be worked out from the rest, the next smallest is withheld too.",)),
                        )),
                    ),
                ),
                _lines(),
                Section(
                    "Duties",
                    (
                        *_statuses().blocks,
                        Paragraph(
                            "Kept: the share done in time, of those that were met, late or missed. Excused, open and not "
                            "played duties are in no share. Minutes are minutes of the story from trigger to done, also "
                            "where it was late; half of the times lie between the quartiles."
                        ),
                    ),
                ),
                _objectives(),
                Section(
                    "Practice",
                    (
                        Paragraph(_PRACTICE),
                        Paragraph(
                            "Over many plays: points gained of points possible, added up over the decisions of a seat; n "
                            "counts decisions. Seats face different choices, so they are never compared with each other. "
                            "Agencies are shown within one seat only, in no order of merit."
                        ),
                        Paragraph(_NOT_OBSERVED),
                    ),
                ),
                Section(
                    "Where most is lost",
                    (
                        Paragraph(
                            "A decision gave something away if a better outcome was still possible before it and not after "
                            "it, as far as the seat could know. What nobody there could have known is charged to nobody. "
                            "Scenes with a dilemma have no key and are left out."
                        ),
                    ),
                ),
                Section("Private answers", (Paragraph(_PRIVATE),)),
                Section(
                    "Where there was no right answer",
                    (
                        Paragraph(
                            "A judgement scene has lawful options only and no key. The figures say how often people chose each, and beside "
                            "them stands what a panel of people who do this work chose, once it has ten votes balanced by discipline. "
                            "Wording and options are those of the newest session. The two spreads are not compared by any number."
                        ),
                    ),
                ),
                Section(
                    "First plays and later ones",
                    (
                        Paragraph(
                            "A replay is the same scenario again: people remember it, so a better result may be memory. A "
                            "parallel play is another scenario. The paired figure compares each person with that person's own "
                            "first play; the effect is that difference over its standard deviation (Cohen's d for pairs). "
                            "Nothing here was randomized: a change is not proof that the training caused it."
                        ),
                    ),
                ),
                Section(
                    "Agreement between facilitators and the rule",
                    (
                        Paragraph(
                            "Kappa is the agreement beyond what chance alone would give, from 0 (no more than chance) to 1; with "
                            "linear weights, so that P against S counts as nearer than P against U. From .41 it is "
                            "called moderate, from .61 substantial. Where nearly all get one letter kappa is low in spite of "
                            "high agreement, so the whole matrix is printed. Letters given after the rule's were seen are "
                            "left out."
                        ),
                    ),
                ),
                Section(
                    "Strengths and areas for improvement",
                    (
                        Paragraph(
                            f"A clause is listed as a strength where n is {ENOUGH} or more and nine of ten were kept in time, a "
                            "principle where the share is three quarters or more. Areas for improvement are the lines most often "
                            f"crossed, the clauses least often kept (n of {ENOUGH} or more, under nine of ten), and the scenes where "
                            "most is lost, in the order in which law, agreement and practice outrank each other."
                        ),
                        Paragraph(_ROOT),
                    ),
                ),
                Section(
                    "Who is left out",
                    (
                        Paragraph(
                            "No figure holds a session that was not finished or in which no person played, nor what a session would "
                            "have come to under another agreement. After going back in a session, only the first way counts: what was tried "
                            "again is practice."
                        ),
                        Paragraph(_COMPUTER),
                        Paragraph("What people wrote in their debriefs is in no figure and in no report."),
                    ),
                ),
            ),
        ),
    )  # fmt: skip


def _lines() -> Section:
    return Section(
        "Lines",
        (
            Paragraph(
                "A line is a rule of law or of life safety. It is counted when it is crossed, named with its source, and offset "
                "by nothing. No agreement removes one."
            ),
        ),
    )


def _statuses(more: tuple[tuple[str, str], ...] = ()) -> Section:
    return Section("Duties", (Definitions(tuple((term, (text,)) for term, text in (*_DUTIES, *more))),))


def _objectives() -> Section:
    return Section(
        "Objectives",
        (
            Items(letters()),
            Paragraph(
                "The rule, in this order: U if one of the objective's duties was missed; else M if a line was crossed; else S if a duty was "
                "late, or practice came to less than three quarters; else P. Where nothing it rests on came up there is no "
                "letter: not observed, which is not a U."
            ),
            Paragraph(
                "The letters are HSEEP's. The rule rates a play of a game, not an agency's capability, and not a person."
            ),
        ),
    )


_PRACTICE = (
    "The authors rated options from −2 to +2 on the principles they make visible, with a reason. Of the decisions in which the "
    "open options differed on a principle: how far from the weakest to the strongest option did the choices go? A principle gets words or a share, "
    "never a letter, and no score comes of a single scene."
)
_NOT_OBSERVED = (
    "Where no choice could show a principle it is “not observed”. That is not zero, and it says nothing of anybody."
)
_TURNING = (
    "The program knows every way the story can go on. A turning point is a choice after which the best that was still possible "
    "was less than before, as far as that seat could know then; at most three are told of each seat. What only "
    "chance, or knowledge that nobody there had, took away is told apart and charged to nobody."
)
_ROOT = (
    "A root cause is given only as far as the record shows it: which choice it hung on, what the seat could not know, what the "
    "partner knew, whether chance or a scene decided together had a part. Why somebody chose as they did is not in the "
    "record; the authors' notes say what such a choice does and why it is tempting, not what these people thought. Workload, staffing, "
    "policy and training are for those who write the plan to find."
)
_COMPUTER = (
    "A seat that a computer partner played, at any time, counts as the computer's from beginning to end: its choices are "
    "nobody's practice and no name stands beside it. Whoever steps out of a play can do so without anybody being able "
    "to read it here."
)
_CLOSED = "A report opens only after the play has ended and its people have had their first reactions. What they wrote in the debrief is not in it."
