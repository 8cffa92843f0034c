"""Setting what is coded twice, keeping a second reading, and settling a difference. The only writers of these."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.analysis.actions import assign, unassign
from consult.analysis.models import Adjudication, Coding, DoubleCoding, SecondReading, Theme
from consult.analysis.queries.codebook import STANDS
from consult.analysis.rules import check_codable
from consult.consultations.models import Consultation
from consult.core import audit
from consult.core.clock import now
from consult.core.errors import Invalid, Refused
from consult.responses.models import Answer, Revision


def code_twice(session: Session, consultation: Consultation, percent: int, *, by: User) -> None:
    """Have so many in a hundred answers coded twice, or none from 0 on. What was read twice already stays."""
    if not 0 <= percent <= 100:
        raise Invalid("Give a whole number from 0 to 100.", field="percent")
    kept = session.get(DoubleCoding, consultation.id)
    if percent and kept is None:
        session.add(DoubleCoding(consultation_id=consultation.id, percent=percent, set_by=by.id))
    elif percent and kept is not None:
        kept.percent, kept.set_by = percent, by.id
    elif kept is not None:
        session.delete(kept)
    session.flush()
    audit.record(session, "code_twice", user_id=by.id, consultation_id=consultation.id, percent=percent)


def read_again(
    session: Session, revision: Revision, themes: Sequence[Theme], offered: Sequence[Theme], *, by: User
) -> SecondReading:
    """Keep what a second coder gave, beside what the first had given. It changes nothing that counts."""
    answer = session.scalars(select(Answer).where(Answer.id == revision.answer_id).with_for_update()).one()
    check_codable(answer, revision)
    standing = session.scalars(
        select(Coding).where(Coding.revision_id == revision.id, STANDS).order_by(Coding.coded_at, Coding.id)
    ).all()
    mine = session.scalar(
        select(Coding.id).where(Coding.revision_id == revision.id, Coding.coder_id == by.id).limit(1)
    )
    if mine is not None:
        raise Refused("You have given this answer themes yourself, so somebody else reads it a second time.")
    if not standing or standing[0].coder_id is None:
        raise Refused("This answer has no theme yet, so there is nothing to read a second time.")
    if session.get(SecondReading, revision.id) is not None:
        raise Refused("Somebody else has read this answer a second time meanwhile. Go on to the next one.")
    reading = SecondReading(
        revision_id=revision.id,
        coder_id=by.id,
        first_coder_id=standing[0].coder_id,
        themes=sorted(theme.id for theme in themes),
        first_themes=sorted({coding.theme_id for coding in standing}),
        offered=sorted(theme.id for theme in offered),
    )
    session.add(reading)
    session.flush()
    return reading


def adjudicate(session: Session, revision: Revision, theme: Theme, *, applies: bool, by: User) -> None:
    """Settle whether a theme applies to an answer that two have coded. That counts; what each gave stays on record."""
    if session.get(SecondReading, revision.id) is None:
        raise Refused("This answer was not coded twice, so there is nothing to settle.")
    if applies:
        standing = select(Coding.id).where(
            Coding.revision_id == revision.id, Coding.theme_id == theme.id, STANDS
        )
        if session.scalar(standing.limit(1)) is None:
            assign(session, revision, theme, by=by)
    else:
        unassign(session, revision, theme, by=by)
    kept = session.get(Adjudication, (revision.id, theme.id))
    if kept is None:
        kept = Adjudication(
            revision_id=revision.id, theme_id=theme.id, applies=applies, decided_by=by.id, decided_at=now()
        )
        session.add(kept)
    kept.applies, kept.decided_by, kept.decided_at = applies, by.id, now()
    session.flush()
    audit.record(
        session,
        "adjudicate",
        user_id=by.id,
        consultation_id=theme.consultation_id,
        subject=revision.answer_id,
        theme=theme.code,
        applies=applies,
    )
