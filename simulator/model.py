"""The typed model of a scenario: frozen, built once by `reading`, shared by everybody.

The classes are the file format: `reading` converts a file by these annotations, and `scenarios/schema/*.json`
is generated from them. Ids are the author's own strings, never positions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from scoring.clock import Span
from scoring.conditions import Condition
from scoring.fields import doc
from scoring.rights import About, Channel, Signature
from scoring.rules import FactKind, FactSpan

CHANCE = "chance"  # the turn of a scene that nobody decides
RETURN = "return."  # `to: return.EXIT` leaves a protocol

Telling = Literal["scripted", "open"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A part to play. Nobody plays the survivor or the offender."""

    id: str
    role: str = doc("A role of the vocabulary, such as patrol-officer or community-advocate.")
    employer: str = doc("The agency that employs this seat; colleagues there share its records.")
    name: str = doc("What the others call this person: “Officer Reyes”.")
    brief: str = doc("What this seat knows and wants as it comes into the story; only this seat reads it.")
    victim_services_grant: Literal["vawa", "fvpsa", "voca"] | None = doc(
        "The grant for victim services that pays for this seat, if one does. Such a seat tells nothing without a release, "
        "whoever employs it.",
        default=None,
    )
    enters: tuple[str, ...] = doc(
        "The scenes with which this seat comes into the story. Until then it has no turn, sees nothing and is told nothing; "
        "its brief is for then. None named: it is there from the start.",
        default=(),
        one_or_many=True,
    )
    leaves: tuple[str, ...] = doc(
        "The scenes with which this seat leaves the story: it is no longer there in them, and sees no more until the debrief.",
        default=(),
        one_or_many=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """A bounded whole number that the story keeps."""

    id: str
    label: str = doc("Its name: “Dana's trust in the officer”.")
    low: int = doc("The lowest value.", name="from", default=0)
    high: int = doc("The highest value.", name="to", default=10)
    start: int = doc("Where it begins.")
    shown_to: tuple[str, ...] = doc("The seats that see it during play.", default=(), one_or_many=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A named thing with a few values, of which the latest holds."""

    id: str
    label: str = doc("Its name.", default="")
    values: tuple[str, ...] = doc("The values it can have.")
    start: str = doc("The value it begins with.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A piece of information that somebody may or may not tell."""

    id: str
    text: str = doc("The information, as a phrase: “where the handgun is”.")
    about: About = doc("Whom it is about.", default="survivor")
    kind: str = doc("A kind that some law treats differently (vocabulary, item_kinds).", default="ordinary")
    known_by: tuple[str, ...] = doc(
        "The seats that know it from the start; a seat that comes in later brings it along.",
        default=(),
        one_or_many=True,
    )
    question: str | None = doc(
        "How somebody asks for it who does not know it: “Are there weapons in the house?” Every seat that does not know it "
        "may ask so where telling is open, so it gives nothing away.",
        default=None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseForm:
    """A release that may be asked for: what, to whom, for what purpose, how long, and how it was obtained.

    It permits telling only if it is written, informed and signed by somebody the law allows.
    """

    id: str
    holder: str = doc("The seat that may then tell.")
    recipient: tuple[str, ...] = doc(
        "The seat that may be told. One form for each recipient is best practice, and a rule of many agreements.",
        one_or_many=True,
    )
    items: tuple[str, ...] = doc("The items it covers, nothing else.", one_or_many=True)
    purpose: str = doc("What the information is for.")
    lasts: Span | None = doc(
        "How long it is valid after signing. A release without an end is no release.", default=None
    )
    written: bool = doc("Whether it is on paper; a verbal yes is not enough.", default=True)
    informed: bool = doc("Whether alternatives and risks were explained.", default=True)
    free: bool = doc(
        "Whether she could sign it or not without losing help; signing is never a condition of help.", default=True
    )
    signer: Signature = doc(
        "Who signs. guardian: one who is not the abuser; minor: alone, where the law permits it; court: an order, that covers "
        "the items it names; attorney: a subpoena.",
        default="survivor",
    )
    signs: Condition | None = doc(
        "Where telling is open, a holder who knows all its items may ask the survivor for it, once. She signs while this holds, and else declines; "
        "a no costs nobody anything. Without it, nobody can ask but an action.",
        default=None,
    )
    asking: int = doc("How long asking for it takes, in story minutes, where telling is open.", default=5, low=0)
    yes: str = doc("What she says and does when she signs, told to whoever is there.", default="")
    no: str = doc("What she says when she declines.", default="")
    taken_back: Condition | None = doc(
        "Her word that she takes it back: from the moment it holds the paper permits nothing (a word is enough). Where telling "
        "is open, the holder may then write it down and tell the recipient.",
        default=None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell:
    """The acting seat tells items to another seat. The ledger judges it."""

    to: tuple[str, ...] = doc("The seats that are told.", one_or_many=True)
    items: tuple[str, ...] = doc("What they are told.", one_or_many=True)
    channel: Channel = doc(
        "How: a team meeting replaces no release, and what goes into a shared database is seen by more than the one told.",
        default="in-person",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message to another seat; both keep it."""

    to: tuple[str, ...] = doc("The seats that receive it.", one_or_many=True)
    text: str = doc("Its words.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseNote:
    """A line in the case file of the acting seat's agency."""

    need: str | None = doc("A need that became known (vocabulary, needs).", default=None)
    offered: str | None = doc("A service that was offered.", default=None)
    given: str | None = doc("A service that was given.", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """Where an action leads, if its condition holds. The first that holds is taken; the last has none."""

    to: str = doc("The scene it leads to.")
    when: Condition | None = doc("Taken only if this holds.", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """What becomes true at the end of an action."""

    minutes: int = doc("How long it takes, in story minutes.", default=0, low=0)
    until: Span | None = doc("Instead of minutes: it lasts until then.", default=None)
    records: tuple[str, ...] = doc("Facts that have happened once it is done.", default=(), one_or_many=True)
    change: Mapping[str, int] = doc("Meters it moves, by how much.", factory=dict)
    set: Mapping[str, str] = doc("Statuses it sets.", factory=dict)
    learn: Mapping[str, tuple[str, ...]] = doc(
        "Seats that learn items from the survivor or the scene; that is never a telling.",
        factory=dict,
        one_or_many=True,
    )
    tell: tuple[Tell, ...] = doc(
        "Items the acting seat tells to others; judged by the ledger.", default=(), one_or_many=True
    )
    asks_release: str | None = doc("A release form the survivor is asked to sign.", default=None)
    signs_release: str | None = doc("A release form she signs.", default=None)
    refuses_release: str | None = doc("A release form she declines; that costs nobody anything.", default=None)
    revokes_release: str | None = doc("A release form she takes back; a word is enough.", default=None)
    message: tuple[Message, ...] = doc("Messages it sends.", default=(), one_or_many=True)
    report: str | None = doc("A line for the acting agency's incident report.", default=None)
    case: tuple[CaseNote, ...] = doc("Lines for the acting agency's case file.", default=(), one_or_many=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action(Effects):
    """One thing a seat can do in a scene, or one thing chance can bring."""

    id: str
    text: str = doc("What the trainee reads and chooses.")
    seat: str | None = doc("Whose action it is, in a scene where several act together.", default=None)
    when: Condition | None = doc("It is open only while this holds.", default=None)
    closed: str | None = doc("The reason shown while it is closed.", default=None)
    practice: Mapping[str, int] = doc(
        "Ratings −2…+2 on the principles it makes observable.", factory=dict, low=-2, high=2
    )
    appeal: int = doc(
        "How tempting it is to a decent, tired professional, 0 (nobody would) to 5.", default=1, low=0, high=5
    )
    because: str = doc("Why it is rated so; shown in the debrief, in blame-free words.", default="")
    error: str | None = doc("Which of the typical errors it is, as the vocabulary numbers them: e9.", default=None)
    felt: str | None = doc("The survivor's own account of it; shown only in the debrief.", default=None)
    distress: int | None = doc(
        "How distressing it was for the survivor by that account, 0 (not at all) to 10; shown only in the debrief.",
        default=None,
        low=0,
        high=10,
    )
    weight: int = doc("In a chance scene: how many parts of the whole fall to it.", default=1, low=1)
    says: str | None = doc("What happens when it is chosen, told to those present.", default=None)
    to: tuple[Branch, ...] = doc(
        "The scene it leads to, or a list of `when`/`to`.", default=(), shorthand="to", one_or_many=True
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence(Effects):
    """What follows at once when something said unprompted makes a condition true that was not true before.

    Its effects are the doing of the seat that spoke, if that seat is there.
    """

    id: str
    when: Condition = doc("It follows when this becomes true: `knows(officer, gun_in_truck)`.")
    scenes: tuple[str, ...] = doc(
        "The scenes in which it can follow; none named: all in which telling is open.",
        name="in",
        default=(),
        one_or_many=True,
    )
    text: str = doc("What those present see and hear of it.", default="")
    present: tuple[str, ...] | None = doc(
        "The seats that witness it. Default: those of the scene.", default=None, one_or_many=True
    )
    private: Mapping[str, str] = doc("What only one seat sees, hears or thinks of it.", factory=dict)
    to: str | None = doc("The scene the story goes on to. Without it, the turn goes on where it was.", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consult:
    """A supervisor, counsel or another adviser whom a seat may consult where telling is open, once."""

    id: str
    seats: tuple[str, ...] = doc("The seats that may.", one_or_many=True)
    scenes: tuple[str, ...] = doc(
        "The scenes in which they may; none named: all in which telling is open.",
        name="in",
        default=(),
        one_or_many=True,
    )
    text: str = doc("What the trainee reads and chooses: “Ring Harbor House's counsel”.")
    minutes: int = doc("How long it takes, in story minutes.", default=10, low=0)
    records: tuple[str, ...] = doc(
        "Facts that have happened once it is done, such as supervisor_consulted. It stays open until they all have.",
        one_or_many=True,
    )
    says: str = doc("The answer; only the one who asked hears it.", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A real dilemma: lawful options, no key. The rules that collide in it are excused there."""

    question: str = doc("What the pair has to weigh.")
    dilemma: str | None = doc("Which of the known dilemmas it is, as the vocabulary numbers them: d1.", default=None)
    collide: tuple[str, ...] = doc("The duties or lines that cannot all be kept here.", default=(), one_or_many=True)
    both_sides: tuple[str, ...] = doc("What speaks for each side; read in the debrief.", default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Guesser:
    """A seat invited to guess privately what others will do. A seat's name alone is enough."""

    seat: str = doc("Who guesses.")
    of: tuple[str, ...] = doc(
        "Whose step, where several act. Default: everybody else who acts here.", default=(), one_or_many=True
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoseDuty:
    """A private question before anybody acts: whose duty is this? The agreement that is played has the answer."""

    what: str = doc(
        "What has to be done, as it is read after “Whose duty is this?”: “Telling Dana that the call is free.”"
    )
    duty: tuple[str, ...] = doc(
        "The duty it speaks of; several where agreements call it differently. Where the agreement has none of them, it is nobody's.",
        one_or_many=True,
    )
    ask: tuple[str, ...] = doc("Who is asked. Default: the seats that are present.", default=(), one_or_many=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class HowDistressing:
    """A private question about the step that led here, from 0 to 10; compared with the `distress` of that step."""

    ask: tuple[str, ...] = doc(
        "Who is asked, of those that witnessed it. Default: the seats that are present.", default=(), one_or_many=True
    )
    question: str = doc(
        "The question, best with the survivor's name in it.", default="How distressing was that for the survivor?"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Where a play stops. No ending is a victim's compliance, an arrest or a conviction."""

    title: str = doc("The ending's name, in plain words.")
    felt: str | None = doc("The survivor's own account, weeks later; shown in the debrief.", default=None)
    says: str | None = doc(
        "In a series: what she says as the next episode opens. Every seat that was present at this ending reads it.",
        default=None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene(Effects):
    """A node of the graph.

    `turn`: one seat; several seats together (each chooses unseen, then all is revealed); `chance`; or nobody,
    a narration: the story goes on by itself to `to`, with the scene's own effects. An ending has `ending`.
    A scene with `call` stands for a whole protocol, entered here and left by one of its exits.
    """

    id: str
    title: str = doc("A short heading.", default="")
    turn: tuple[str, ...] = doc("Who acts: a seat, several seats, `chance`, or nobody.", default=(), one_or_many=True)
    present: tuple[str, ...] | None = doc(
        "The seats that witness it. Default: those that act in it; in a narration, an ending or a chance scene, all who are in "
        "the story by then.",
        default=None,
        one_or_many=True,
    )
    text: str = doc("What those present see and hear.", default="")
    private: Mapping[str, str] = doc("What only one seat sees, hears or thinks.", factory=dict)
    actions: Mapping[str, Action] = doc("What can be done here.", factory=dict)
    predict: tuple[Guesser, ...] = doc(
        "Seats invited to guess privately what the others who act here will do, before they act themselves.",
        default=(),
        shorthand="seat",
        one_or_many=True,
    )
    whose_duty: WhoseDuty | None = doc("A private question: whose duty is this?", default=None)
    how_distressing: HowDistressing | None = doc(
        "A private question: how distressing was the step that led here, 0 to 10? A seat's name alone is enough.",
        default=None,
        shorthand="ask",
    )
    distress: int | None = doc(
        "In a narration: how distressing it was for the survivor, 0 to 10; shown only in the debrief.",
        default=None,
        low=0,
        high=10,
    )
    judgement: Judgement | None = doc("Set where there is no right answer.", default=None)
    topics: tuple[str, ...] = doc("The topics that the decision here turns on.", default=(), one_or_many=True)
    ending: Ending | None = doc("Set where the play stops.", default=None)
    telling: Telling | None = doc(
        "Whether the seat on turn may also speak unprompted here. Default: as the scenario says. Never where several act together, "
        "nor in a judgement scene.",
        default=None,
    )
    survivor_here: bool = doc(
        "Whether the survivor can be asked something here, alone with whoever is present: for a release, where telling is open.",
        default=False,
    )
    call: str | None = doc("The protocol that is played here.", default=None)
    seats: Mapping[str, str] = doc(
        "With `call`: which seat takes which part of the protocol.", factory=dict, name="with"
    )
    returns: Mapping[str, str] = doc("With `call`: the scene each exit of the protocol leads to.", factory=dict)
    to: tuple[Branch, ...] = doc(
        "Where a narration or a together scene leads.", default=(), shorthand="to", one_or_many=True
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Inject:
    """An event from outside, on the facilitator's shelf. It comes by time, by condition, or by hand; once a play at most.

    It is nobody's doing: what it records is recorded by no seat. Exactly one of `at`, `when` and `by` is set.
    """

    id: str
    synopsis: str = doc("What it is and what it is for, in a line. For whoever runs the room; trainees never read it.")
    expected: str = doc(
        "What a pair is expected to do then. For whoever runs the room; trainees never read it.", default=""
    )
    text: str = doc("What the seats present see and hear.")
    present: tuple[str, ...] | None = doc("The seats that witness it. Default: all.", default=None, one_or_many=True)
    private: Mapping[str, str] = doc("What only one seat sees or hears of it.", factory=dict)
    at: Span | None = doc("It comes when so much story time has gone by since the start.", default=None)
    when: Condition | None = doc("It comes as soon as this holds.", default=None)
    by: Literal["hand"] | None = doc("It comes when whoever runs the room brings it.", default=None)
    scenes: tuple[str, ...] = doc(
        "The scenes it may come in; elsewhere it waits. Default: any.", default=(), name="in", one_or_many=True
    )
    minutes: int = doc("How long it takes, in story minutes.", default=0, low=0)
    records: tuple[str, ...] = doc("Facts that have happened once it is over.", default=(), one_or_many=True)
    change: Mapping[str, int] = doc("Meters it moves, by how much.", factory=dict)
    set: Mapping[str, str] = doc("Statuses it sets.", factory=dict)
    learn: Mapping[str, tuple[str, ...]] = doc(
        "Seats that learn items from the survivor or the scene by it.", factory=dict, one_or_many=True
    )
    revokes_release: str | None = doc("A release form the survivor takes back; a word is enough.", default=None)

    @property
    def effects(self) -> Effects:
        """What it brings about, as an action's effects."""
        return Effects(
            minutes=self.minutes,
            records=self.records,
            change=self.change,
            set=self.set,
            learn=self.learn,
            revokes_release=self.revokes_release,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """A sub-graph used in several places. Its scenes speak of parts; `call` says which seat plays each."""

    id: str
    about: str = doc("What it is for.", default="")
    parts: tuple[str, ...] = doc("The parts that seats take.", one_or_many=True)
    opening: str = doc("Its first scene.")
    exits: tuple[str, ...] = doc("Its ways out; scenes lead there with `to: return.EXIT`.", one_or_many=True)
    scenes: Mapping[str, Scene] = doc("Its scenes.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """What the scenario trains, as named duties, lines and decisions."""

    id: str
    text: str = doc("What a pair can do after this, as a task.")
    duties: tuple[str, ...] = doc("The duties it rests on.", default=(), one_or_many=True)
    lines: tuple[str, ...] = doc("The lines that cap it. None named: any line.", default=(), one_or_many=True)
    decisions: tuple[str, ...] = doc("The scenes whose practice it rests on.", default=(), one_or_many=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """Who has read the file and stands by it; `name: awaiting local sign-off` is honest."""

    id: str
    name: str = doc("Who, or “awaiting local sign-off”.")
    date: str = doc("When.", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """A problem that the author has seen and stands by, with the reason."""

    code: str = doc("The code of the problem, such as HS502.")
    at: tuple[str, ...] = doc(
        "The scenes, actions or other entries it is allowed in; none named: the whole file.",
        default=(),
        one_or_many=True,
    )
    because: str = doc("Why it is right here; whoever signs the file off reads it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a list of variants: a text, or texts that are drawn together (a name and its pronouns), by their keys.

    A text alone stands under the empty key.
    """

    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """What whoever runs the room reads beside the scenario; trainees never see it."""

    watch: tuple[str, ...] = doc("What to watch for while they play.", one_or_many=True)
    prompts: tuple[str, ...] = doc("Questions for the debrief, of this story.", one_or_many=True)
    local: tuple[str, ...] = doc("Local orders, numbers and resources to have at hand.", one_or_many=True)
    remedy: str = doc("An exercise for a pair that missed the point: who does what, with what, until when.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A directed graph of scenes and what it speaks of."""

    id: str
    title: str = doc("The scenario's title.")
    summary: str = doc("Two sentences for the library's page, without giving the story away.")
    minutes_to_play: int = doc("How long a pair takes, in real minutes, debrief not included.", default=30, low=1)
    starts: datetime = doc("When the story begins, local time: 2026-01-09T23:52.")
    advisories: tuple[str, ...] = doc("What a trainee should know before the first scene.", one_or_many=True)
    topics: tuple[str, ...] = doc("The topics it trains.", default=(), one_or_many=True)
    framework: str = doc("The framework its practice is described by.")
    mou: str = doc("The agreement it is played under unless another is chosen.")
    jurisdiction: str = doc("The jurisdiction it is played under unless another is chosen.")
    objectives: Mapping[str, Objective] = doc("What it trains.")
    seats: Mapping[str, Seat] = doc("The parts to play, one to six.")
    facts: Mapping[str, FactKind] = doc("Facts of this scenario's own.", factory=dict, shorthand="text")
    spans: Mapping[str, FactSpan] = doc("Things that can stop, of this scenario's own.", factory=dict)
    meters: Mapping[str, Meter] = doc("Bounded whole numbers.", factory=dict)
    statuses: Mapping[str, Status] = doc("Named things with a few values.", factory=dict)
    items: Mapping[str, Item] = doc("Information somebody may or may not tell.", factory=dict)
    releases: Mapping[str, ReleaseForm] = doc("Releases that may be asked for.", factory=dict)
    telling: Telling = doc(
        "open: a seat on its turn may also tell what it knows, ask, ask the survivor for a release, note that she takes one "
        "back, or consult; before or instead of an action. scripted: only what actions hold.",
        default="scripted",
    )
    call: int = doc(
        "Where telling is open: how long a call to a seat that is not there takes, in story minutes, whatever is said in it. "
        "A word to somebody who is there, and a message, take less than a minute.",
        default=3,
        low=0,
    )
    consequences: Mapping[str, Consequence] = doc("What follows when something is said unprompted.", factory=dict)
    consults: Mapping[str, Consult] = doc("Who can be consulted where telling is open.", factory=dict)
    protocols: Mapping[str, Protocol] = doc("Sub-graphs used in several places.", factory=dict)
    injects: Mapping[str, Inject] = doc(
        "The facilitator's shelf: events from outside that come by time, by condition, or by hand.", factory=dict
    )
    variants: Mapping[str, tuple[Entry, ...]] = doc(
        "Names, places and details of which each play draws one; texts hold `{name}` or `{name.key}`. The first is as written.",
        factory=dict,
    )
    countdowns: bool = doc("Whether duties are shown with the time left.", default=True)
    opening: str = doc("The first scene.")
    scenes: Mapping[str, Scene] = doc("The graph.")
    guide: Guide | None = doc("What whoever runs the room reads beside it.", default=None)
    sources: tuple[str, ...] = doc("Where its domain content comes from.", default=(), one_or_many=True)
    sign_offs: Mapping[str, SignOff] = doc("Who has read it and stands by it.", factory=dict)
    allow: tuple[Allowance, ...] = doc(
        "Problems that `handoff check` would name and the author stands by.", default=(), one_or_many=True
    )
