"""Setting up a consultation: facts, ground rules, questions. Every change is in the audit chain, without words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.consultations.models import (
    Consultation,
    GroundRules,
    Question,
    SignOffLink,
    Translations,
    Wording,
    promise_hash,
)
from consult.consultations.queries import consultation_by_slug
from consult.consultations.rules import SLUG, Stage, loosened
from consult.core import audit
from consult.core.clock import now
from consult.core.errors import Invalid, Refused
from consult.core.identifiers import digest, new_secret

KEPT_ADDRESSES = frozenset({"new", "keys"})
"""Pages of the desk stand there."""
GROUND_RULES = (
    "mode",
    "ceiling",
    "smallest_group",
    "speaker",
    "affiliation",
    "attendance",
    "timing",
    "breakdown",
    "people_kept_months",
    "answers_kept_months",
    "grace_minutes",
    "promise",
    "rules_text",
)
"""What a version of the ground rules says."""


def create_consultation(session: Session, *, slug: str, title: str, by: User, **facts: Any) -> Consultation:
    """A consultation that only the desk knows of. Raises Invalid for an address that cannot be had."""
    if not SLUG.fullmatch(slug) or len(slug) > 80:
        raise Invalid("Use small letters a to z, digits and single hyphens, e.g. warsaw-2016.", field="slug")
    if slug in KEPT_ADDRESSES or consultation_by_slug(session, slug) is not None:
        raise Invalid("There is a consultation at this address already. Choose another.", field="slug")
    consultation = Consultation(slug=slug, title=title, draft=True, created_at=now(), **facts)
    session.add(consultation)
    session.flush()
    audit.record(session, "consultation_created", user_id=by.id, consultation_id=consultation.id)
    return consultation


def describe(
    session: Session, consultation: Consultation, facts: Mapping[str, Any], *, by: User
) -> list[str]:
    """Set what the consultation says of itself; the names of what changed."""
    changed = [name for name, value in facts.items() if getattr(consultation, name) != value]
    for name in changed:
        setattr(consultation, name, facts[name])
    session.flush()
    _changed(session, consultation, "consultation_described", changed, by)
    return changed


def set_country_groups(
    session: Session, consultation: Consultation, groups: dict[str, list[str]], *, stage: Stage, by: User
) -> None:
    """The mapping of countries to groups, free until the first response. Raises Refused from then on."""
    if groups == consultation.country_groups:
        return
    if stage is Stage.ANSWERED:
        raise Refused("Answers were given under these country groups, so they are fixed.")
    describe(session, consultation, {"country_groups": groups}, by=by)


def change_ground_rules(
    session: Session,
    consultation: Consultation,
    wanted: Mapping[str, Any],
    *,
    stage: Stage,
    by: User | None = None,
) -> list[str]:
    """A new version where `wanted` (every name of GROUND_RULES) differs; the names of what differs, empty for none.

    Raises Refused, naming what would protect less, once somebody was told the rules.
    """
    in_force = session.scalars(
        select(GroundRules)
        .where(GroundRules.consultation_id == consultation.id)
        .order_by(GroundRules.version.desc())
        .limit(1)
    ).first()
    changed = [name for name in GROUND_RULES if in_force is None or getattr(in_force, name) != wanted[name]]
    if not changed:
        return []
    if in_force is not None and stage is not Stage.FREE:
        _check_protection(consultation, in_force, wanted, stage)
    rules = GroundRules(
        consultation_id=consultation.id,
        version=in_force.version + 1 if in_force else 1,
        promise_hash=promise_hash(wanted["promise"], wanted["rules_text"]),
        made_at=now(),
        **{name: wanted[name] for name in GROUND_RULES},
    )
    session.add(rules)
    session.flush()
    audit.record(
        session,
        "ground_rules_set",
        user_id=by.id if by else None,
        consultation_id=consultation.id,
        version=rules.version,
        changed=" ".join(changed),
    )
    return changed


def _check_protection(
    consultation: Consultation, in_force: GroundRules, wanted: Mapping[str, Any], stage: Stage
) -> None:
    if stage is Stage.ANSWERED and wanted["mode"] is not in_force.mode:
        raise Refused(
            "The mode of %(slug)s cannot change from %(old)s to %(new)s: answers were given under it. "
            "Put the old mode back, or define a new consultation.",
            slug=consultation.slug,
            old=in_force.mode.value,
            new=wanted["mode"].value,
        )
    looser = loosened({name: getattr(in_force, name) for name in GROUND_RULES}, wanted)
    if looser:
        raise Refused(
            "People were told the ground rules, so they can only become more protective. "
            "This would protect less: %(names)s. Put it back.",
            names=", ".join(looser),
        )


def add_question(
    session: Session, consultation: Consultation, *, code: str, by: User, **facts: Any
) -> Question:
    """A question without words yet, the last of all. Raises Invalid for a code that cannot be had."""
    if not SLUG.fullmatch(code) or len(code) > 80:
        raise Invalid(
            "Use small letters a to z, digits and single hyphens, e.g. single-outcome.", field="code"
        )
    others = session.scalars(select(Question).where(Question.consultation_id == consultation.id)).all()
    if code in {question.code for question in others}:
        raise Invalid("Another question has this code. Choose another.", field="code")
    question = Question(
        consultation_id=consultation.id,
        code=code,
        position=max((other.position for other in others), default=0) + 1,
        wordings=[],
        **facts,
    )
    session.add(question)
    session.flush()
    _changed(session, consultation, "question_added", [code], by)
    return question


def change_question(
    session: Session, consultation: Consultation, question: Question, facts: Mapping[str, Any], *, by: User
) -> None:
    """Set what the question is; the database keeps kind, settings and condition from the first response on."""
    changed = [name for name, value in facts.items() if getattr(question, name) != value]
    for name in changed:
        setattr(question, name, facts[name])
    session.flush()
    _changed(session, consultation, "question_changed", [question.code, *changed] if changed else [], by)


def word_question(
    session: Session,
    consultation: Consultation,
    question: Question,
    *,
    prompt: Translations,
    help_text: Translations,
    by: User,
) -> Wording:
    """The wording with those words: one that stands, or a new version. None is ever edited."""
    standing = session.scalars(
        select(Wording).where(Wording.question_id == question.id).order_by(Wording.version)
    ).all()
    for wording in reversed(standing):
        if (wording.prompt, wording.help_text) == (prompt, help_text):
            return wording
    if consultation.language not in prompt:
        raise Invalid("Write the question in the language of the consultation.")
    wording = Wording(
        question_id=question.id,
        version=max((each.version for each in standing), default=0) + 1,
        prompt=prompt,
        help_text=help_text,
        source_text=prompt[consultation.language],
    )
    session.add(wording)
    session.flush()
    audit.record(
        session,
        "question_worded",
        user_id=by.id,
        consultation_id=consultation.id,
        subject=question.id,
        version=wording.version,
    )
    return wording


def order_questions(session: Session, consultation: Consultation, codes: list[str], *, by: User) -> None:
    """Put the questions in that order."""
    questions = session.scalars(select(Question).where(Question.consultation_id == consultation.id)).all()
    places = {code: place for place, code in enumerate(codes, start=1)}
    for question in questions:
        question.position = places.get(question.code, question.position)
    session.flush()
    _changed(session, consultation, "questions_ordered", codes, by)


def remove_question(session: Session, consultation: Consultation, question: Question, *, by: User) -> None:
    """Take away a question that is asked nowhere any more; the database keeps one that was answered."""
    _changed(session, consultation, "question_removed", [question.code], by)
    session.execute(delete(Wording).where(Wording.question_id == question.id))
    session.execute(delete(Question).where(Question.id == question.id))
    session.flush()


def make_sign_off_link(
    session: Session, consultation: Consultation, *, made_for: str, expires_at: datetime, by: User
) -> str:
    """A link that shows the preview; its secret, which is kept as a hash alone and told once."""
    secret = new_secret()
    link = SignOffLink(
        consultation_id=consultation.id,
        secret_hash=digest(secret),
        made_for=made_for,
        made_by=by.id,
        made_at=now(),
        expires_at=expires_at,
    )
    session.add(link)
    session.flush()
    audit.record(
        session, "sign_off_link_made", user_id=by.id, consultation_id=consultation.id, subject=link.id
    )
    return secret


def revoke_sign_off_link(
    session: Session, consultation: Consultation, link: SignOffLink, *, by: User
) -> None:
    """From now on the link shows nothing."""
    if link.revoked:
        return
    link.revoked = True
    session.flush()
    audit.record(
        session, "sign_off_link_revoked", user_id=by.id, consultation_id=consultation.id, subject=link.id
    )


def _changed(session: Session, consultation: Consultation, act: str, changed: list[str], by: User) -> None:
    if changed:
        audit.record(session, act, user_id=by.id, consultation_id=consultation.id, changed=" ".join(changed))
