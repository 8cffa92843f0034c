"""A consultation with something at every stage, with unique words planted in everything that must not travel."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from flask import Flask
from flask.testing import FlaskClient
from flask_wtf.csrf import URLSafeTimedSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.analysis.actions import assign, ensure_theme
from consult.analysis.models import Theme
from consult.consultations.actions import make_sign_off_link
from consult.consultations.enums import Attribution
from consult.consultations.queries import sign_off_links_of
from consult.core.clock import now
from consult.core.database import Base, Database
from consult.core.identifiers import new_secret
from consult.core.sealing import Seal
from consult.jobs.render_edition import render_edition
from consult.meetings.actions import attach_document, serve_document_at, set_link
from consult.meetings.enums import LinkKind
from consult.meetings.models import Asking
from consult.moderation.actions import Span, add_note, decide, save_view
from consult.moderation.enums import RedactionKind, RejectReason, Verdict
from consult.moderation.models import SavedView
from consult.operations.importing import uploads
from consult.participants.actions import ensure_participant, invite
from consult.participants.models import Invitation, Participant
from consult.reports.actions import freeze, set_takeaways
from consult.reports.models import Edition
from consult.responses.actions import GivenAnswer, submit
from consult.responses.models import Answer
from consult.responses.queries import current_revision
from consult.settings import Settings
from tests.factories import World, make_answer
from tests.pages import PageClient
from tests.reports.scenes import publish_approved
from tests.web import gathering_rows, report_rows

QUOTED = "Keep the hotline of the staffs open"
"""In every approved answer that may be quoted."""


class Canary(StrEnum):
    """Words found nowhere else, each named for where it was planted."""

    REJECTED = "Brzozogaj"
    REDACTED = "Cierniowid"
    NOT_FOR_USE = "Dzikopole"
    COUNTED_ONLY = "Echogrod"
    WAITING = "Falomierz"
    WAITING_IN_MAY = "Gorzelewo"
    ELSEWHERE = "Halabuda"
    NOTE = "Iglasty"
    NOTE_APART = "Marchwiak"
    PERSON = "Jastrzebiec"
    ORGANISATION = "Kwarcowski"
    ADDRESS = "lisiajama"


@dataclass
class Secrets:
    """What is shown once, or never."""

    link: str
    code: str
    receipt: str
    submission: str

    def all(self) -> tuple[str, ...]:
        return (self.link, self.code, self.receipt, self.submission)


@dataclass
class Scene:
    """The world, and what stands in it."""

    world: World
    theme: Theme
    waiting: dict[str, Answer]
    """A waiting answer by meeting slug."""
    waiting_hash: dict[str, str]
    """The hash of its words."""
    approved: dict[str, Answer]
    rejected: Answer
    published: Edition
    frozen: Edition
    quiet: Invitation
    """An invitation to October that nobody else uses."""
    quiet_secret: str
    uninvited: Participant
    """On the roster, and nothing more."""
    person: Participant
    """Whose particulars are canaries."""
    upload: str
    """With a fault in it."""
    good_upload: str
    """The address of a roster file that waits to be taken in."""
    secrets: Secrets
    view: SavedView
    """One of the rapporteur's."""
    sign_off: str
    """The secret of a link for sign-off."""
    link_id: str
    """That link."""
    document_id: str
    """A PDF of the October meeting."""
    report: dict[str, str]
    """Parts of addresses about the report."""
    gathered: dict[str, str]
    """What stands for the parts of addresses of cards and files of answers."""


def make_scene(session: Session, world: World, settings: Settings, *, approved: int = 12) -> Scene:
    """See Scene. `approved` answers at each meeting are approved and coded. Committed."""
    director, consultation = world.director, world.consultation
    themes = [
        ensure_theme(
            session, consultation, code=f"theme-{n}", title=f"Theme {n}", description="What it holds."
        )
        for n in (1, 2, 3)
    ]
    set_takeaways(session, consultation, [("Talk before there is an incident.", ["theme-1"])])
    kept: dict[str, Answer] = {}
    for meeting in (world.october, world.may):
        asking = world.askings[meeting.id][0]
        for number in range(approved):
            answer = _answer(session, world, asking, f"{QUOTED} at {meeting.slug}, number {number}.")
            approve(session, answer, director)
            assign(session, current_revision(session, answer), themes[number % 3], by=director)
            kept[meeting.slug] = answer
    rejected = _planted(session, world, director)
    receipt, secrets = _submitted(session, world, settings)
    approve(session, receipt, director)
    quiet = invite(
        session,
        ensure_participant(session, consultation, name="Participant 090", email="p090@example.org"),
        world.october,
        seal=Seal(settings.link_key),
    )
    published = publish_approved(session, world, freeze(session, consultation, by=director))
    frozen = freeze(session, consultation, by=world.second_director)
    for edition in (published, frozen):
        render_edition(session, {"edition": edition.id})
    waiting = {
        "october": _answer(session, world, world.askings[world.october.id][0], f"Say {Canary.WAITING}."),
        "may": _answer(session, world, world.askings[world.may.id][0], f"Say {Canary.WAITING_IN_MAY}."),
    }
    scene = Scene(
        world=world,
        theme=themes[0],
        waiting=waiting,
        waiting_hash={slug: current_revision(session, answer).hash for slug, answer in waiting.items()},
        approved=kept,
        rejected=rejected,
        published=published,
        frozen=frozen,
        quiet=quiet.invitation,
        quiet_secret=quiet.secret,
        uninvited=ensure_participant(session, consultation, name="Participant 091", email="p091@example.org"),
        person=session.scalars(select(Participant).where(Participant.name.contains(Canary.PERSON))).one(),
        upload=_uploaded(session, world, settings, b"Name;E-mail\nCid Late;cid@example.org\nNobody;\n"),
        good_upload=_uploaded(session, world, settings, b"Name;E-mail\nEva Timely;eva@example.org\n"),
        secrets=secrets,
        view=save_view(session, world.rapporteur, consultation, "Mine", "state=waiting"),
        **_prepared(session, world, director),
        gathered=gathering_rows.gathered(session, world, settings),
        report=report_rows.approved_with_reader(session, world, settings, frozen),
    )
    elsewhere = next(iter(world.elsewhere_askings.values()))[0]
    make_answer(session, world.elsewhere, world.elsewhere_rules, elsewhere, f"Say {Canary.ELSEWHERE}.")
    session.commit()
    return scene


def _prepared(session: Session, world: World, director: User) -> dict[str, str]:
    """A link for sign-off, and a document of a meeting."""
    until = now() + timedelta(days=1)
    secret = make_sign_off_link(
        session, world.consultation, made_for="the head of programme", expires_at=until, by=director
    )
    facts = {"kind": LinkKind.PROGRAMME, "title": "Programme", "url": None}
    link = set_link(session, world.consultation, world.october, None, **facts, by=director)
    file = attach_document(
        session, world.consultation, world.october, link, PDF, name="programme.pdf", by=director
    )
    serve_document_at(session, link, f"http://localhost/c/{world.slug}/documents/{file.id}")
    made = sign_off_links_of(session, world.consultation)[0]
    return {"sign_off": secret, "link_id": made.id, "document_id": file.id}


def _uploaded(session: Session, world: World, settings: Settings, content: bytes) -> str:
    file = uploads.keep(session, content, name="roster.csv")
    signing = URLSafeTimedSerializer(settings.secret_key, salt="roster-upload")
    return str(signing.dumps([[file.id], world.consultation.id, ""]))


def approve(session: Session, answer: Answer, by: User, *spans: Span) -> None:
    """Approve the words that stand."""
    decide(
        session,
        answer,
        Verdict.APPROVE,
        read=current_revision(session, answer).hash,
        by=by,
        redactions=spans,
    )


def _answer(
    session: Session,
    world: World,
    asking: Asking,
    text: str,
    attribution: Attribution = Attribution.QUOTE_UNATTRIBUTED,
) -> Answer:
    return make_answer(session, world.consultation, world.rules, asking, text, attribution=attribution)


def _planted(session: Session, world: World, director: User) -> Answer:
    """The answers that carry the canaries. Returns the rejected one."""
    asking = world.askings[world.october.id][0]
    rejected = _answer(session, world, asking, f"It was {Canary.REJECTED} who said so.")
    decide(
        session,
        rejected,
        Verdict.REJECT,
        read=current_revision(session, rejected).hash,
        by=director,
        reason=RejectReason.IDENTIFIES_OTHER,
        note=f"Everybody knows {Canary.NOTE}.",
    )
    add_note(session, rejected, f"Ask {Canary.NOTE_APART} about it.", by=director)
    words = f"{QUOTED}, as {Canary.REDACTED} asked."
    starts = words.index(Canary.REDACTED)
    redacted = _answer(session, world, asking, words)
    span = Span(starts, starts + len(Canary.REDACTED), RedactionKind.IDENTIFIES_OTHER)
    approve(session, redacted, director, span)
    _answer(session, world, asking, f"Never print {Canary.NOT_FOR_USE}.", Attribution.NOT_FOR_USE)
    counted = _answer(session, world, asking, f"Count {Canary.COUNTED_ONLY}.", Attribution.AGGREGATE_ONLY)
    approve(session, counted, director)
    return rejected


def _submitted(session: Session, world: World, settings: Settings) -> tuple[Answer, Secrets]:
    """An answer that came in by a link, from a person whose particulars are canaries."""
    person = ensure_participant(
        session,
        world.consultation,
        name=f"Ada {Canary.PERSON}",
        email=f"{Canary.ADDRESS}@example.org",
        country="EE",
        organisation=f"Institute {Canary.ORGANISATION}",
        role="Analyst",
        role_label="an analyst",
        sector="research",
    )
    issued, submission = invite(session, person, world.october, seal=Seal(settings.link_key)), new_secret()
    asking = world.askings[world.october.id][0]
    receipt = submit(
        session,
        issued.invitation,
        [GivenAnswer(asking, f"{QUOTED}, and tell the pilots.", Attribution.QUOTE_UNATTRIBUTED, "en")],
        submission_key=submission,
        secret_key=settings.secret_key,
        seal=Seal(settings.link_key),
    )
    answer = session.scalars(select(Answer).where(Answer.response_id == receipt.response_id)).one()
    return answer, Secrets(issued.secret, issued.code, receipt.code, submission)


PDF = b"""%PDF-1.4
1 0 obj
<< /Type /Catalog /Pages 2 0 R >>
endobj
2 0 obj
<< /Type /Pages /Kids [] /Count 0 >>
endobj
xref
0 3
0000000000 65535 f\x20
0000000009 00000 n\x20
0000000058 00000 n\x20
trailer
<< /Size 3 /Root 1 0 R >>
startxref
110
%%EOF
"""
"""Just enough of one for a reader."""

UNWATCHED = frozenset({"throttle", "audit_entry", "audit_head"})
"""Tables that a refusal may write to: how often something was tried, and what staff did."""


def fingerprint(database: Database) -> str:
    """A hash over every row of every watched table."""
    found = hashlib.sha256()
    with database.reading() as session:
        for table in Base.metadata.sorted_tables:
            if table.name not in UNWATCHED:
                rows = sorted(repr(tuple(row)) for row in session.execute(select(table)))
                found.update(f"{table.name}:{len(rows)}:{rows}".encode())
    return found.hexdigest()


class PlainClient(PageClient):
    """Asks by the hundred, so it leaves judging the pages to those that read them."""

    open = FlaskClient.open


def token_for(client: PageClient, app: Flask) -> str:
    """A form token that this browser may use, as if it had loaded a page."""
    raw = hashlib.sha1(b"a browser of the tests", usedforsecurity=False).hexdigest()
    with client.session_transaction() as cookie:
        cookie["csrf_token"] = raw
    return str(URLSafeTimedSerializer(app.secret_key or "", salt="wtf-csrf-token").dumps(raw))
