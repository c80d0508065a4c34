"""Documents, plays and figures for the tests of the reports."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from facilitator.report.document import (
    Definitions,
    Document,
    Fill,
    Items,
    Paragraph,
    Picture,
    Section,
    Table,
)
from facilitator.report.markdown import markdown
from facilitator.report.session import About, session_report
from scoring.cohort import (
    Agreement,
    ChangeFigure,
    Cohort,
    CohortFigures,
    Coordination,
    DutyFigure,
    Figure,
    LineFigure,
    ObjectiveFigure,
    Overview,
    PracticeFigure,
    SceneFigure,
)
from scoring.figures import agreement, suppressed
from simulator.debrief import CAUTION
from simulator.library import Library
from simulator.log import Place, Store, open_store
from simulator.script import parse, play_line
from simulator.session import Session

SCRIPTS = Path(__file__).parents[1] / "scenarios" / "transcripts" / "kitchen-table"
ABOUT = About(workshop="Spring", day=date(2026, 3, 2), seconds=2_580)
PAIR = (Place("officer", "Heron", "human", "Riverton PD"), Place("advocate", "Wren", "human", "Safe Harbor"))

HOSTILE = (
    "<script>alert(1)</script><img src=http://evil.example/x>",
    "a | b `code` **bold** [link](http://evil.example) <b>",
    "# no heading",
    "1. no list",
    "- no item",
    "see www.evil.example and http://evil.example",
    "word" * 80,
    "שלום עולם",
    "turned \u202eround\u202c",
    "👩🏽‍🚒 🙂",
    "&lt;b&gt; &amp; \x00\x07 end",
    "$x^2$ ~~gone~~ :tada:",
)


def play(
    store: Store, script: str, places: tuple[Place, ...] = PAIR, workshop: str = "Spring", reactions: bool = True
) -> Session:
    """A whole play of a transcript of the kitchen table, with its reactions done unless told otherwise."""
    session = Session.begin(store, Library().bundle("kitchen-table"), places, seed=1, workshop=workshop)
    text = (SCRIPTS / f"{script}.script").read_text(encoding="utf-8")
    for line in parse(text, script):
        play_line(session, line, script)
    session.run_others()
    assert session.finished
    if reactions:
        session.finish_phase("reactions")
    return session


def store_in(folder: Path) -> Store:
    return open_store(folder / "reports.sqlite3")


def document(*texts: str) -> Document:
    """Every kind of block, each text in each of them."""
    text = texts[0] if texts else "plain"
    table = Table(
        caption=text,
        head=("Name", text, "Count"),
        rows=tuple((each, (each, "second line"), "3") for each in (texts or ("plain",))),
        counts=(2,),
    )
    plan = Table(
        caption="Improvement plan",
        head=("Action", "Owner", "Date"),
        rows=((Fill(label=f"Action, {text}"), Fill(label="Owner"), Fill(label="Date", kind="date")),),
    )
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10" role="img" aria-label="a dot"><circle r="3"/></svg>'
    blocks = (
        *(Paragraph(each) for each in texts),
        Items(texts or ("plain",)),
        Definitions(((text, texts or ("plain",)), ("One", (text,)))),
        table,
        Picture(svg=svg, alternative=text, tables=(table,)),
    )
    return Document(
        title=f"Report {text}",
        subtitle=text,
        caution=CAUTION,
        day="2026-03-02",
        sections=(Section(text, blocks, (Section("Below", (plan,)),)), Section("Second", (Paragraph("End."),))),
    )


def share(hits: float, n: int, low: float | None = None, high: float | None = None, clusters: int = 12) -> Figure:
    """A share as the figures would have it at this n."""
    value = hits / n if n >= 30 else None
    return Figure(
        n=n,
        hits=hits if n >= 10 else None,
        value=value,
        low=low if value is not None else None,
        high=high if value is not None else None,
        clusters=clusters,
    )


def duty(clause: str, kept: Figure, late: int = 0, missed: int = 0, party: str = "Riverside PD") -> DutyFigure:
    return DutyFigure(
        mou="riverside-dv",
        agreement="Riverside Agreement",
        duty=f"duty-{clause}",
        clause=clause,
        party=party,
        text=f"What clause {clause} asks for.",
        kept=kept,
        late=late,
        missed=missed,
        excused=1,
        open=2,
        minutes=Figure(n=40, hits=None, value=41.0, low=35.0, high=47.0, clusters=12, unit="minutes", kind="median"),
        quartiles=(30.0, 55.0),
    )


def figures(**other: object) -> CohortFigures:
    """A cohort of 412 sessions of the kitchen table, with something in every page."""
    matrix = ((40, 5, 1, 0), (6, 30, 4, 1), (0, 3, 20, 2), (0, 0, 2, 12))
    given: dict[str, object] = {
        "cohort": Cohort(scenario="kitchen-table"),
        "hidden": "",
        "overview": Overview(
            sessions=412,
            workshops=36,
            agencies=9,
            first_day="2026-01-12",
            last_day="2026-03-02",
            crossed=share(264, 412, 0.58, 0.70, 36),
            outside=(("unfinished", 7), ("nobody", 2)),
        ),
        "lines": (
            LineFigure(line="often", text="The line crossed often.", kind="life safety", sessions=share(200, 412, 0.4, 0.55), times=230),
            LineFigure(line="few", text="The line crossed now and then.", kind="law", sessions=share(3, 12), times=8),
        ),
        "duties": (
            duty("2.1", share(390, 412, 0.91, 0.97), late=10, missed=12),
            duty("3.1", share(120, 400, 0.25, 0.36), late=200, missed=80),
            duty("6.4", share(0, 4, clusters=1), late=2, missed=2, party="Harbor House"),
        ),
        "practice": (
            PracticeFigure(
                seat="patrol-officer",
                seat_name="Patrol officer",
                principle="safety",
                label="Safety",
                overall=share(330, 400, 0.78, 0.86),
                agencies=(("North PD", share(100, 120, 0.75, 0.9)), ("Tiny PD", suppressed("fewer than 5 people"))),
            ),
            PracticeFigure(
                seat="community-advocate",
                seat_name="Community-based advocate",
                principle="voice",
                label="Voice",
                overall=share(150, 400, 0.3, 0.45),
                agencies=(),
            ),
        ),
        "turning": (
            SceneFigure(scene="one-bed", title="One bed", seat="advocate", seat_name="Maya Ellison",
                        losing=share(220, 412, 0.5, 0.6), lines=0.0, duties=0.4, practice=1.0),
            SceneFigure(scene="clearing", title="Before you go", seat="officer", seat_name="Officer Reyes",
                        losing=share(300, 412, 0.68, 0.78), lines=0.7, duties=0.2, practice=1.0),
        ),
        "coordination": Coordination(
            agreed=share(50, 80, 0.5, 0.7), credited=share(40, 80, 0.4, 0.6), both_needed=share(3, 4)
        ),
        "change": (
            ChangeFigure(seat="patrol-officer", seat_name="Patrol officer", again="first", plays=share(300, 400, 0.7, 0.8),
                         paired=None, effect=None),
            ChangeFigure(seat="patrol-officer", seat_name="Patrol officer", again="parallel", plays=share(50, 60, 0.7, 0.9),
                         paired=Figure(n=40, hits=None, value=0.05, low=-0.01, high=0.11, clusters=6, unit="points",
                                       kind="difference"), effect=0.31),
        ),
        "objectives": (
            ObjectiveFigure(objective="reach", text="Reach her safely.", letters=(("P", 200), ("S", 100), ("M", 50), ("U", 40)), unrated=22),
            ObjectiveFigure(objective="rare", text="Seldom asked for.", letters=(("P", 2), ("S", 0), ("M", 0), ("U", 1)), unrated=0),
        ),
        "agreement": agreement([matrix, matrix], 5),
    }  # fmt: skip
    return CohortFigures(**{**given, **other})  # type: ignore[arg-type]


def no_agreement() -> Agreement:
    return agreement((), 0)


def golden_report(store: Store, script: str) -> str:
    """The Markdown report of a transcript, without the session's random id."""
    session = play(store, script)
    return markdown(session_report(session, ABOUT)).replace(session.id, "SESSION")


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        kept = store_in(Path(folder))
        for name in ("expert", "harmful"):
            text = golden_report(kept, name)
            (Path(__file__).parent / "golden" / f"report-kitchen-table-{name}.md").write_text(
                text, encoding="utf-8", newline="\n"
            )
        kept.close()
