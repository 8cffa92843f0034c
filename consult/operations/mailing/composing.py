"""Writing one message from its row: who it is for, whether there still is a reason, what it says."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from email_validator import EmailNotValidError, validate_email
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.consultations.models import Consultation
from consult.consultations.queries import ground_rules_in_force
from consult.consultations.rules import Phase, in_language, phase
from consult.core.clock import now
from consult.core.errors import N_, Refused
from consult.core.identifiers import digest, in_groups
from consult.core.mail.models import MailMessage
from consult.core.mail.queries import own_words
from consult.core.mail.writing import Letter
from consult.core.sealing import Seal
from consult.meetings.models import Meeting
from consult.meetings.queries import askings_at, meetings_of
from consult.operations.mailing import no_digests
from consult.operations.mailing.digests import Arrivals, waiting_in_digest
from consult.operations.mailing.first_password import token_for
from consult.operations.mailing.kinds import ABOUT_INVITATIONS, CHOSEN_BY_ANSWERING, MailKind
from consult.operations.mailing.rendering import LANGUAGES, Rendered, catalogue, rendered
from consult.operations.mailing.words import Words, default_words
from consult.participants.models import Invitation, Participant
from consult.participants.queries import standing_invitation
from consult.reports.queries import published_edition
from consult.settings import Settings

SAMPLE_CODE = "ABCDEFGHJ"
HIDDEN = "…"
"""Stands for a secret where somebody else reads along."""


_SECOND = N_("%(waiting)s, of which %(second)s for your second approval")


class NoReason(Exception):
    """By now this message should not be sent; `str()` says why."""


class Composer:
    """Writes messages. It alone turns the link key into links, and keeps none of them."""

    def __init__(self, settings: Settings, seal: Seal) -> None:
        self._settings = settings
        self._seal = seal
        self._base = settings.base_url.rstrip("/")

    def letter(self, session: Session, message: MailMessage) -> Letter:
        """The message of that row. Raises NoReason or Refused."""
        kind = MailKind(message.kind)
        consultation = session.get(Consultation, message.consultation_id or "")
        if consultation is None:
            raise NoReason("The consultation is gone.")
        stop_url = ""
        if kind in ABOUT_INVITATIONS:
            facts = self._about_invitation(session, message, consultation)
            stop_url = f"{self._base}/stop/{self._seal.stop_token(message.invitation_id or '')}"
        elif kind is MailKind.PUBLISHED:
            facts = self._about_report(session, message, consultation)
        else:
            facts = self._for_staff(session, message, consultation)
            stop_url = facts.pop("stop", "")
        words, spoken = self._words(session, kind, consultation, message.language)
        text = rendered(
            words,
            facts,
            language=spoken,
            sender=self._convenor(consultation),
            stop_url=stop_url,
            digest=kind is MailKind.DIGEST,
            demonstration=consultation.demonstration,
        )
        return Letter(
            to_name=facts["name"],
            to_address=message.address,
            language=spoken,
            subject=text.subject,
            text=text.text,
            html=text.html,
            reply_to=consultation.help_contact if _is_address(consultation.help_contact) else "",
            stop_url=stop_url,
            stops_by_post=stop_url.startswith("https://"),
        )

    def preview(
        self,
        session: Session,
        consultation: Consultation,
        kind: MailKind,
        language: str,
        words: Words | None = None,
    ) -> Rendered:
        """How that kind of message looks, with invented facts and a link that opens nothing."""
        facts = self.sample_facts(session, consultation)
        if kind is MailKind.PUBLISHED:
            facts["link"] = f"{self._base}/c/{consultation.slug}/report"
        chosen, spoken = self._words(session, kind, consultation, language)
        return rendered(
            words or chosen,
            facts,
            language=spoken,
            sender=self._convenor(consultation),
            stop_url=f"{self._base}/stop/…" if kind in ABOUT_INVITATIONS else "",
            demonstration=consultation.demonstration,
        )

    def sample(self, session: Session, consultation: Consultation, invitation: Invitation) -> Rendered:
        """What an invitation's mail will say to its reader, without the link and the code, which are theirs alone."""
        person = invitation.participant
        words, spoken = self._words(session, MailKind.INVITATION, consultation, person.language)
        facts = (
            self._facts(consultation)
            | {"name": person.name}
            | self._asked(session, consultation, invitation.meeting, spoken, reads=person.language)
            | {"link": f"{self._base}/i/{HIDDEN}", "join": f"{self._base}/join", "code": HIDDEN}
        )
        return rendered(
            words,
            facts,
            language=spoken,
            sender=self._convenor(consultation),
            stop_url=f"{self._base}/stop/{HIDDEN}",
            demonstration=consultation.demonstration,
        )

    def sample_facts(self, session: Session, consultation: Consultation) -> dict[str, str]:
        """Facts as an invitation to the consultation's first meeting would have them, with nobody's link."""
        facts = self._facts(consultation) | {"name": "Aleksandra Nowak"}
        meetings = meetings_of(session, consultation)
        if meetings:
            facts |= self._asked(session, consultation, meetings[0], consultation.language)
        return facts | {
            "link": f"{self._base}/join",
            "join": f"{self._base}/join",
            "code": in_groups(SAMPLE_CODE, 3),
        }

    def _about_invitation(
        self, session: Session, message: MailMessage, consultation: Consultation
    ) -> dict[str, str]:
        invitation = standing_invitation(session, message.invitation_id or "")
        if invitation is None:
            raise NoReason("The invitation was revoked.")
        answered = (invitation.answered or invitation.issued) and not invitation.readdressed
        settled = answered or invitation.declined
        if message.kind in CHOSEN_BY_ANSWERING and settled:
            raise NoReason("No reminder is wanted.")
        rules = ground_rules_in_force(session, consultation)
        if phase(consultation, rules, now()) is Phase.CLOSED:
            raise NoReason("Answers are no longer taken.")
        language = self._spoken(message.language, consultation)
        return (
            self._facts(consultation)
            | {"name": invitation.participant.name}
            | self._asked(session, consultation, invitation.meeting, language, reads=message.language)
            | self._way_in(
                invitation, message.language if message.language in consultation.languages else language
            )
        )

    def _about_report(
        self, session: Session, message: MailMessage, consultation: Consultation
    ) -> dict[str, str]:
        person = session.get(Participant, message.participant_id or "")
        if person is None:
            raise NoReason("This person is no longer on the roster.")
        if published_edition(session, consultation) is None:
            raise NoReason("No report is published.")
        link = f"{self._base}/c/{consultation.slug}/report"
        return self._facts(consultation) | {"name": person.name, "link": link}

    def _for_staff(
        self, session: Session, message: MailMessage, consultation: Consultation
    ) -> dict[str, str]:
        user = session.get(User, message.user_id or "")
        if user is None or not user.active:
            raise NoReason("This account is closed.")
        if message.kind == MailKind.TEST:
            return self.sample_facts(session, consultation) | {"name": user.name}
        if message.kind == MailKind.DIGEST:
            if not user.digests:
                raise NoReason("No digest is wanted.")
            stop = f"{self._base}/digests/{no_digests.token_for(user, self._settings.secret_key)}"
            told = self._facts(consultation) | self._waiting(session, message)
            return told | {"name": user.name, "stop": stop}
        way_in = "sign-in"
        if user.password_hash is None:
            way_in = f"first-password/{token_for(user, self._settings.secret_key)}"
        return self._facts(consultation) | {"name": user.name, "link": f"{self._base}/{way_in}"}

    def _waiting(self, session: Session, message: MailMessage) -> dict[str, str]:
        """Numbers as they stand at the sending, by meeting; nothing of any answer."""
        found = waiting_in_digest(session, message)
        if not found:
            raise NoReason("Nothing is waiting any more.")
        of_them = catalogue(self._spoken(message.language, found[0][0])).gettext(_SECOND)
        lines = [
            line
            for consultation, rows in found
            for line in (consultation.title, *(_told(row, of_them) for row in rows))
        ]
        only = f"/{found[0][0].slug}/queue" if len(found) == 1 else "/"
        return {"waiting": "\n".join(lines), "link": f"{self._base}/desk{only}"}

    def _words(
        self, session: Session, kind: MailKind, consultation: Consultation, language: str
    ) -> tuple[Words, str]:
        """The consultation's own words in that language, else in its own language, else the program's."""
        wanted = MailKind.INVITATION if kind is MailKind.TEST else kind
        for code in dict.fromkeys((language, self._spoken(language, consultation))):
            own = own_words(session, consultation.id, wanted.value, code)
            if own is not None:
                return Words(own.subject, own.body), code
        spoken = self._spoken(language, consultation)
        return default_words(kind, catalogue(spoken).gettext), spoken

    @staticmethod
    def _spoken(language: str, consultation: Consultation) -> str:
        """The language of the program's own words for a reader of `language`."""
        return next((code for code in (language, consultation.language) if code in LANGUAGES), "en")

    def _facts(self, consultation: Consultation) -> dict[str, str]:
        return {
            "consultation": consultation.title,
            "convenor": self._convenor(consultation),
            "help": consultation.help_contact,
        }

    def _asked(
        self,
        session: Session,
        consultation: Consultation,
        meeting: Meeting,
        language: str,
        *,
        reads: str = "",
    ) -> dict[str, str]:
        """The questions as `reads` would have them, where they are in that language; else in the mail's own."""
        questions = [
            asking.wording.prompt.get(reads)
            or in_language(asking.wording.prompt, language, consultation.language)
            for asking in askings_at(session, meeting)
        ]
        closes = consultation.closes_at
        return {
            "meeting": meeting.title,
            "question": "\n\n".join(questions),
            "closes": _instant(closes, meeting.time_zone, language) if closes else "",
        }

    def _way_in(self, invitation: Invitation, language: str) -> dict[str, str]:
        secret, code = self._seal.invitation_secret(invitation.id), self._seal.invitation_code(invitation.id)
        if digest(secret) != invitation.secret_hash or digest(code) != invitation.code_hash:
            raise Refused("This invitation's link cannot be made again. Issue the invitation anew.")
        return {
            "link": f"{self._base}/i/{secret}?lang={language}",
            "join": f"{self._base}/join",
            "code": in_groups(code, 3),
        }

    def _convenor(self, consultation: Consultation) -> str:
        return consultation.convenor or self._settings.convenor


def _instant(at: datetime, zone: str, language: str) -> str:
    """An instant in a meeting's zone: "14 May 2016, 17:00 (Warsaw)"."""
    city = zone.rpartition("/")[2].replace("_", " ")
    return f"{format_datetime(at, 'd MMMM y, HH:mm', tzinfo=ZoneInfo(zone), locale=language)} ({city})"


def _is_address(text: str) -> bool:
    try:
        validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return True


def _told(row: Arrivals, of_them: str) -> str:
    told = of_them % {"waiting": row.waiting, "second": row.second} if row.second else row.waiting
    return f"– {row.meeting.title}: {told}"
