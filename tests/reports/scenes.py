"""A consultation with approved, redacted, rejected, withheld and coded answers, and canaries that must stay unseen."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from consult.analysis.actions import assign, ensure_theme
from consult.consultations.enums import Attribution
from consult.meetings.models import Asking
from consult.moderation.actions import Span, decide
from consult.moderation.enums import RedactionKind, RejectReason, Verdict
from consult.reports.actions import approve as approve_edition
from consult.reports.actions import publish, set_takeaways
from consult.reports.models import Edition
from consult.responses.models import Answer
from consult.responses.queries import current_revision
from tests.factories import World, make_answer

REJECTED = "CANARYREJECTED the ambassador told me over dinner"
REDACTED = "CANARYREDACTED"
NOT_FOR_USE = "CANARYNOTFORUSE keep this to yourselves"
COUNTED = "CANARYCOUNTED words that are only counted"
WAITING = "CANARYWAITING nobody has read this yet"
ELSEWHERE = "CANARYELSEWHERE said in another consultation"
CANARIES = (
    "CANARYREJECTED",
    REDACTED,
    "CANARYNOTFORUSE",
    "CANARYCOUNTED",
    "CANARYWAITING",
    "CANARYELSEWHERE",
)

AWKWARD = (
    "Zażółć gęślą jaźń: ąęłżź ĄĘŁŻŹ",
    "Единство союзников важнее скорости",
    "نريد قناة دائمة للحوار",
    "One voice 🕊️👩🏽‍🚀, said calmly",
    '=HYPERLINK("http://evil.example","open")',
    "+1 to a standing channel",
    "-2 degrees between allies",
    "@summit: decide",
    'First line\nsecond line, with “quotes”, commas; and "straight" ones',
    "<script>alert(1)</script> & </style>",
)


@dataclass
class Told:
    """What was said at the consultation of `world`, by kind."""

    world: World
    quotable: list[Answer]
    rejected: Answer
    redacted: Answer


def approve(
    session: Session, world: World, asking: Asking, words: str, *themes: str, spans: tuple[Span, ...] = ()
) -> Answer:
    """An answer that is approved and coded."""
    answer = make_answer(session, world.consultation, world.rules, asking, words)
    decide_on(session, world, answer, Verdict.APPROVE, spans=spans)
    for code in themes:
        theme = ensure_theme(
            session,
            world.consultation,
            code=code,
            title=code.replace("-", " ").capitalize(),
            description="",
            position=len(code),
        )
        assign(session, current_revision(session, answer), theme, by=world.director)
    return answer


def publish_approved(session: Session, world: World, edition: Edition) -> Edition:
    """Published by the director once a second one has approved it."""
    approve_edition(session, edition, read=edition.document_hash, by=world.second_director)
    return publish(session, edition, by=world.director)


def decide_on(
    session: Session,
    world: World,
    answer: Answer,
    verdict: Verdict,
    *,
    reason: RejectReason | None = None,
    spans: tuple[Span, ...] = (),
) -> None:
    decide(
        session,
        answer,
        verdict,
        read=current_revision(session, answer).hash,
        read_number=0,
        by=world.director,
        reason=reason,
        redactions=spans,
    )


def tell(session: Session, world: World, *, each: int = 12) -> Told:
    """Two meetings × two questions with approved answers, the awkward ones among them, and one of every other kind."""
    quotable = []
    for meeting in (world.october, world.may):
        for asking in world.askings[meeting.id]:
            for number in range(each):
                theme = ("deterrence", "dialogue", "unity")[number % 3]
                words = f"View {number} at {meeting.slug} on {asking.question.code}."
                quotable.append(approve(session, world, asking, words, theme))
    quotable += [approve(session, world, world.asking, words, "dialogue") for words in AWKWARD]
    words = f"As {REDACTED} said, hold the line."
    redacted = approve(
        session,
        world,
        world.asking,
        words,
        "deterrence",
        spans=(Span(3, 3 + len(REDACTED), RedactionKind.IDENTIFIES_OTHER),),
    )
    rejected = make_answer(session, world.consultation, world.rules, world.asking, REJECTED)
    decide_on(session, world, rejected, Verdict.REJECT, reason=RejectReason.IDENTIFIES_OTHER)
    counted = make_answer(
        session,
        world.consultation,
        world.rules,
        world.asking,
        COUNTED,
        attribution=Attribution.AGGREGATE_ONLY,
    )
    decide_on(session, world, counted, Verdict.APPROVE)
    unused = make_answer(
        session,
        world.consultation,
        world.rules,
        world.asking,
        NOT_FOR_USE,
        attribution=Attribution.NOT_FOR_USE,
    )
    decide_on(session, world, unused, Verdict.REJECT, reason=RejectReason.NOT_FOR_USE)
    make_answer(session, world.consultation, world.rules, world.asking, WAITING)
    foreign = next(iter(world.elsewhere_askings.values()))[0]
    other = make_answer(session, world.elsewhere, world.elsewhere_rules, foreign, ELSEWHERE)
    decide_on(session, world, other, Verdict.APPROVE)
    set_takeaways(
        session,
        world.consultation,
        [("Deterrence has to be at the core.", ["deterrence"]), ("Keep talking.", ["dialogue", "unity"])],
    )
    session.commit()
    return Told(world, [*quotable, redacted], rejected, redacted)
