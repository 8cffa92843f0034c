"""Things to test with, made through the models alone, and a cast named by role."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from consult.accounts.enums import Role
from consult.accounts.models import Membership, User
from consult.consultations.enums import Attribution, Mode, Timing
from consult.consultations.models import Consultation, GroundRules, Question, Wording, promise_hash
from consult.core.clock import now
from consult.core.identifiers import digest, new_id, new_secret
from consult.core.sealing import Seal
from consult.core.text import fold
from consult.meetings.enums import DatePrecision
from consult.meetings.models import Asking, Meeting, Outcome
from consult.participants.models import Invitation, Participant
from consult.responses.enums import AnswerState, Source
from consult.responses.models import Answer, Response, Revision

LINK_KEY = "link-key-of-the-tests-0123456789abcdefgh"
PROMISE = {"en": "What you say may be used. Who said it stays with us."}
RULES = {"en": "Nobody is named.\n\n- Not in the report.\n- Not in an export."}
COUNTRIES = ("PL", "GB", "EE", "LV", "DE", "FR", "US", "NO")


@dataclass
class Invited:
    """An invitation with what only its holder knows."""

    invitation: Invitation
    secret: str
    code: str
    participant: Participant


@dataclass
class World:
    """A consultation with two meetings and two questions, one like it elsewhere, and the cast."""

    consultation: Consultation
    rules: GroundRules
    october: Meeting
    may: Meeting
    questions: list[Question]
    askings: dict[str, list[Asking]]
    """By meeting id, in form order."""
    elsewhere: Consultation
    elsewhere_rules: GroundRules
    elsewhere_askings: dict[str, list[Asking]]
    director: User
    second_director: User
    rapporteur: User
    """Of the October meeting alone."""
    observer: User
    outsider: User
    """Programme director of the other consultation."""
    administrator: User
    participant: Invited
    """Invited to October."""
    other_participant: Invited
    """Invited to May."""

    @property
    def slug(self) -> str:
        return self.consultation.slug

    @property
    def asking(self) -> Asking:
        """The first question at the October meeting."""
        return self.askings[self.october.id][0]


def make_user(session: Session, name: str, *, administrator: bool = False) -> User:
    address = f"{name.lower().replace(' ', '-')}-{new_id()[:6]}@example.org"
    user = User(email=address, name=name, created_at=now(), is_administrator=administrator, memberships=[])
    session.add(user)
    session.flush()
    return user


def make_membership(
    session: Session, user: User, role: Role, consultation: Consultation, meeting: Meeting | None = None
) -> Membership:
    membership = Membership(
        user=user, consultation_id=consultation.id, meeting_id=meeting.id if meeting else None, role=role
    )
    session.add(membership)
    session.flush()
    return membership


def make_consultation(
    session: Session,
    slug: str = "warsaw",
    *,
    mode: Mode = Mode.CONFIDENTIAL,
    ceiling: Attribution = Attribution.QUOTE_UNATTRIBUTED,
    smallest_group: int = 5,
    timing: Timing = Timing.NONE,
) -> tuple[Consultation, GroundRules]:
    """An open consultation that closes in a week."""
    consultation = Consultation(
        slug=slug,
        title=f"Consultation {slug}",
        strapline="One question, two meetings.",
        convenor="The convenor",
        languages=["en", "fr", "pl"],
        help_contact="help@example.org",
        country_groups={"Baltic states": ["EE", "LV"], "Western Europe": ["GB", "DE", "FR", "NO"]},
        opens_at=now() - timedelta(days=7),
        closes_at=now() + timedelta(days=7),
        created_at=now(),
    )
    session.add(consultation)
    session.flush()
    rules = GroundRules(
        consultation_id=consultation.id,
        version=1,
        mode=mode,
        ceiling=ceiling,
        smallest_group=smallest_group,
        timing=timing,
        promise=PROMISE,
        rules_text=RULES,
        promise_hash=promise_hash(PROMISE, RULES),
        made_at=now(),
    )
    session.add(rules)
    session.flush()
    return consultation, rules


def make_meeting(
    session: Session, consultation: Consultation, slug: str, title: str, month: date, *, position: int = 1
) -> Meeting:
    meeting = Meeting(
        consultation_id=consultation.id,
        slug=slug,
        position=position,
        title=title,
        short_title=title,
        starts_on=month,
        ends_on=month,
        precision=DatePrecision.MONTH,
        venue="Wilton Park",
        time_zone="Europe/Warsaw",
        objectives=["Debate approaches."],
    )
    session.add(meeting)
    session.flush()
    session.add(Outcome(meeting_id=meeting.id, position=1, text=f"An outcome of {title}."))
    session.flush()
    return meeting


def make_question(
    session: Session, consultation: Consultation, code: str, prompt: str, position: int = 1
) -> Question:
    question = Question(
        consultation_id=consultation.id,
        code=code,
        kind="open_text",
        position=position,
        max_length=1500,
    )
    session.add(question)
    session.flush()
    session.add(
        Wording(question_id=question.id, version=1, prompt={"en": prompt}, help_text={}, source_text=prompt)
    )
    session.flush()
    return question


def make_asking(session: Session, question: Question, meeting: Meeting) -> Asking:
    asking = Asking(
        meeting_id=meeting.id,
        question_id=question.id,
        wording_id=question.wordings[0].id,
        position=question.position,
    )
    session.add(asking)
    session.flush()
    return asking


def make_invited(
    session: Session, consultation: Consultation, meeting: Meeting, number: int = 1, *, country: str = "PL"
) -> Invited:
    participant = Participant(
        consultation_id=consultation.id,
        name=f"Participant {number:03}",
        email=f"participant-{number:03}-{new_id()[:6]}@example.org",
        country=country,
        organisation="Ministry of foreign affairs",
        role="Head of unit",
        role_label="a national official",
        sector="government",
        language="en",
    )
    session.add(participant)
    session.flush()
    invitation_id, seal = new_id(), Seal(LINK_KEY)
    secret, code = seal.invitation_secret(invitation_id), seal.invitation_code(invitation_id)
    invitation = Invitation(
        id=invitation_id,
        participant_id=participant.id,
        meeting_id=meeting.id,
        secret_hash=digest(secret),
        code_hash=digest(code),
    )
    session.add(invitation)
    session.flush()
    return Invited(invitation, secret, code, participant)


def make_answer(
    session: Session,
    consultation: Consultation,
    rules: GroundRules,
    asking: Asking,
    text: str = "A standing channel for incidents at sea.",
    *,
    attribution: Attribution = Attribution.QUOTE_UNATTRIBUTED,
    state: AnswerState = AnswerState.WAITING,
    language: str = "en",
    source: Source = Source.LINK,
    **breakdown: str,
) -> Answer:
    """One answer in a response of its own, as if submitted. Published rows come from decide() alone."""
    from consult.responses.rules import content_hash

    response = Response(
        consultation_id=consultation.id,
        meeting_id=asking.meeting_id,
        mode=rules.mode,
        source=source,
        ground_rules_id=rules.id,
        submission_hash=digest(new_secret()),
        receipt_hash=digest(new_secret()),
        **breakdown,
    )
    session.add(response)
    session.flush()
    answer = Answer(
        response_id=response.id,
        consultation_id=consultation.id,
        meeting_id=asking.meeting_id,
        question_id=asking.question_id,
        state=state,
    )
    session.add(answer)
    session.flush()
    session.add(
        Revision(
            answer_id=answer.id,
            number=1,
            wording_id=asking.wording_id,
            text=text,
            language=language,
            attribution=attribution,
            ground_rules_id=rules.id,
            ceiling=rules.ceiling,
            hash=content_hash(text, None, attribution, asking.wording_id),
            folded=fold(text),
        )
    )
    session.flush()
    return answer


def make_world(session: Session) -> World:
    """See World."""
    consultation, rules = make_consultation(session, "warsaw")
    october = make_meeting(session, consultation, "october", "NATO and Russia", date(2015, 10, 1), position=1)
    may = make_meeting(session, consultation, "may", "Deterrence and assurance", date(2016, 5, 1), position=2)
    questions, askings = _questions(session, consultation, [october, may])
    elsewhere, elsewhere_rules = make_consultation(session, "elsewhere")
    first = make_meeting(session, elsewhere, "october", "Another first", date(2017, 1, 1), position=1)
    second = make_meeting(session, elsewhere, "june", "Another second", date(2017, 6, 1), position=2)
    _, elsewhere_askings = _questions(session, elsewhere, [first, second])
    cast = {
        name: make_user(session, name.replace("_", " ").capitalize(), administrator=name == "administrator")
        for name in ("director", "second_director", "rapporteur", "observer", "outsider", "administrator")
    }
    make_membership(session, cast["director"], Role.PROGRAMME_DIRECTOR, consultation)
    make_membership(session, cast["second_director"], Role.PROGRAMME_DIRECTOR, consultation)
    make_membership(session, cast["rapporteur"], Role.RAPPORTEUR, consultation, october)
    make_membership(session, cast["observer"], Role.OBSERVER, consultation)
    make_membership(session, cast["outsider"], Role.PROGRAMME_DIRECTOR, elsewhere)
    return World(
        consultation=consultation,
        rules=rules,
        october=october,
        may=may,
        questions=questions,
        askings=askings,
        elsewhere=elsewhere,
        elsewhere_rules=elsewhere_rules,
        elsewhere_askings=elsewhere_askings,
        participant=make_invited(session, consultation, october, 1),
        other_participant=make_invited(session, consultation, may, 2, country="GB"),
        **cast,
    )


def _questions(
    session: Session, consultation: Consultation, meetings: list[Meeting]
) -> tuple[list[Question], dict[str, list[Asking]]]:
    questions = [
        make_question(
            session, consultation, "single-outcome", "What single outcome would you like to see?", 1
        ),
        make_question(session, consultation, "greatest-risk", "What is the greatest risk?", 2),
    ]
    askings = {m.id: [make_asking(session, question, m) for question in questions] for m in meetings}
    return questions, askings
