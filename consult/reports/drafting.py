"""Putting an edition document together from the consultation, the published view and the gate."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from consult.accounts.enums import Role
from consult.accounts.queries import staff_of
from consult.analysis import disclosure
from consult.analysis.disclosure.attendance import release_attendance
from consult.analysis.disclosure.figures import ShareEntry, bounded, rounded_in
from consult.analysis.disclosure.participation import released_participation
from consult.analysis.disclosure.themes import ThemeTableEntry, released_themes
from consult.analysis.disclosure.told.publishing import Publishing
from consult.consultations.models import Consultation, GroundRules
from consult.consultations.queries import ground_rules_in_force, questions_of
from consult.meetings.models import Meeting
from consult.meetings.queries import meetings_in_full
from consult.moderation.published import published_notes
from consult.reports.composing.queries import chosen, picks_in, section_entries
from consult.reports.document import (
    FOR_RELEASE,
    SCHEMA,
    ConsultationEntry,
    Document,
    Evidence,
    Figures,
    GroundRulesEntry,
    MeetingEntry,
    QuestionEntry,
    QuoteEntry,
    TakeawayEntry,
    WithheldEntry,
)
from consult.reports.queries import takeaways_of


def draft(session: Session, consultation: Consultation, *, number: int, on: date) -> Document:
    """The document as it would be frozen now. Takes a fixed number of queries, and pages of quotable texts."""
    return sourced_draft(session, consultation, number=number, on=on)[0]


def sourced_draft(
    session: Session,
    consultation: Consultation,
    *,
    number: int,
    on: date,
    quoted: bool = True,
    figures: Publishing | None = None,
) -> tuple[Document, list[str]]:
    """The same, and the revision behind each of its quotes in their order; without quotes where none are asked for.

    `figures`: where they are at hand, read in the same session.
    """
    quotes, sources = _quotes(session, consultation) if quoted else ([], [])
    rules = ground_rules_in_force(session, consultation)
    meetings = meetings_in_full(session, consultation)
    figures = figures or Publishing(session, consultation, rules)
    facts = released_participation(figures)
    released = released_themes(figures).to_document()
    document = Document(
        schema=SCHEMA,
        edition={"number": number, "frozen_on": on.isoformat(), "handling": FOR_RELEASE},
        consultation=_consultation(consultation),
        figures=_figures(session, consultation, meetings, facts),
        ground_rules=ground_rules_entry(rules, released["quantifiers"]),
        questions=question_entries(session, consultation, meetings),
        meetings=[_meeting(meeting) for meeting in meetings],
        codebook=released["codebook"],
        takeaways=_takeaways(session, consultation, released["tables"]),
        participation=[row.to_document() for row in facts.meetings],
        at_several_meetings=facts.at_several_meetings,
        themes=released["tables"],
        differences=released["differences"],
        quotes=quotes,
        withheld=_withheld(session, consultation, rules),
    )
    if attendance := release_attendance(meetings, rules):
        document["attendance"] = attendance
    if notes := len(published_notes(session, consultation)):
        document["notes"] = notes
    _compose(session, consultation, document, sources)
    return document, sources


def _compose(
    session: Session, consultation: Consultation, document: Document, sources: Sequence[str]
) -> None:
    """Put in what its authors composed: the outline with their words, and picked answers by their places."""
    picks = picks_in(session, consultation)
    places = {source: place for place, source in enumerate(sources)} if picks else {}
    sections = section_entries(session, consultation, places, picks)
    if sections is not None:
        document["sections"] = sections
    for takeaway, entry in zip(takeaways_of(session, consultation), document["takeaways"], strict=True):
        if evidence := chosen(picks.get(takeaway.id, ()), places):
            entry["quotes"] = evidence


def has_answers(document: Document) -> bool:
    """Whether any approved answer stands behind the document."""
    return bool(document["quotes"]) or any(row["approved"] for row in document["participation"])


def ground_rules_entry(
    rules: GroundRules, quantifiers: Sequence[disclosure.QuantifierEntry]
) -> GroundRulesEntry:
    """The ground rules as editions and exports print them, with the words for shares."""
    return {
        "version": rules.version,
        "mode": rules.mode.value,
        "ceiling": rules.ceiling.code,
        "smallest_group": rules.smallest_group,
        "speaker": rules.speaker.value,
        "affiliation": rules.affiliation.value,
        "attendance": rules.attendance.value,
        "timing": rules.timing.value,
        "promise": dict(rules.promise),
        "rules": dict(rules.rules_text),
        "quantifiers": list(quantifiers),
    }


def _consultation(consultation: Consultation) -> ConsultationEntry:
    entry: ConsultationEntry = {
        "slug": consultation.slug,
        "title": consultation.title,
        "strapline": consultation.strapline,
        "programme": consultation.programme,
        "convenor": consultation.convenor,
        "event": consultation.event,
        "language": consultation.language,
        "objectives": list(consultation.objectives),
        "demonstration": consultation.demonstration,
    }
    if consultation.licence:
        entry["licence"] = consultation.licence
    return entry


def _figures(
    session: Session,
    consultation: Consultation,
    meetings: Sequence[Meeting],
    facts: disclosure.ReleasedParticipation,
) -> Figures:
    directors = {
        membership.user_id
        for membership in staff_of(session, consultation.id)
        if membership.role is Role.PROGRAMME_DIRECTOR
    }
    stated, countries = consultation.stated_participants, consultation.stated_countries
    return {
        "participants": facts.people if stated is None else stated,
        "countries": facts.countries if countries is None else countries,
        "programme_directors": len(directors),
        "meetings": len(meetings),
    }


def question_entries(
    session: Session, consultation: Consultation, meetings: Sequence[Meeting]
) -> list[QuestionEntry]:
    """The questions in form order, each with its wordings at these meetings."""
    return [
        {
            "code": question.code,
            "kind": question.kind,
            "askings": [
                {
                    "meeting": meeting.slug,
                    "version": asking.wording.version,
                    "wording": asking.wording.source_text,
                    "prompt": dict(asking.wording.prompt),
                }
                for meeting in meetings
                for asking in meeting.askings
                if asking.question_id == question.id
            ],
        }
        for question in questions_of(session, consultation)
    ]


def _meeting(meeting: Meeting) -> MeetingEntry:
    return {
        "slug": meeting.slug,
        "title": meeting.title,
        "short_title": meeting.short_title,
        "starts_on": meeting.starts_on.isoformat(),
        "ends_on": meeting.ends_on.isoformat(),
        "precision": meeting.precision.value,
        "venue": meeting.venue,
        "sessions": [{"title": part.title, "chair": part.chair} for part in meeting.sessions],
        "objectives": list(meeting.objectives),
        "outcomes_heading": meeting.outcomes_heading,
        "outcomes": [outcome.text for outcome in meeting.outcomes],
        "links": [{"kind": link.kind.value, "title": link.title, "url": link.url} for link in meeting.links],
    }


def _takeaways(
    session: Session, consultation: Consultation, tables: Sequence[ThemeTableEntry]
) -> list[TakeawayEntry]:
    entries: list[TakeawayEntry] = []
    for takeaway in takeaways_of(session, consultation):
        entry: TakeawayEntry = {
            "text": takeaway.text,
            "themes": list(takeaway.theme_codes),
            "evidence": evidence_of(takeaway.theme_codes, tables),
        }
        if dissent := evidence_of(takeaway.against_codes, tables):
            entry["dissent"] = dissent
        entries.append(entry)
    return entries


def evidence_of(codes: Sequence[str], tables: Sequence[ThemeTableEntry]) -> list[Evidence]:
    """The released shares of these themes, meeting by meeting."""
    return [
        _evidence(share, told, table["meeting"])
        for code in codes
        for table in tables
        for share in table["shares"]
        for told in (rounded_in(share),)
        if share["theme"] == code and table["meeting"] is not None and told is not None
    ]


def _evidence(share: ShareEntry, told: disclosure.Rounded, meeting: str) -> Evidence:
    entry: Evidence = {
        "theme": share["theme"],
        "meeting": meeting,
        "percent": told.percent,
        "quantifier": share["quantifier"],
    }
    return bounded(entry, told)


def _quotes(session: Session, consultation: Consultation) -> tuple[list[QuoteEntry], list[str]]:
    rows = list(disclosure.sourced_rows(session, consultation, disclosure.Profile.PUBLICATION))
    quotes: list[QuoteEntry] = [
        {
            "meeting": row.meeting,
            "question": row.question,
            "segments": [list(segment) for segment in row.segments],
            "text": row.text,
            "language": row.language,
            "attribution": row.attribution,
            "line": row.attribution_line,
            "themes": list(row.themes),
        }
        for _source, row in rows
    ]
    return quotes, [source for source, _row in rows]


def _withheld(session: Session, consultation: Consultation, rules: GroundRules) -> WithheldEntry:
    counts = disclosure.release_moderation(session, consultation, rules)
    return {
        "rejected": dict(counts.rejected),
        "redacted": dict(counts.redacted),
        "aggregate_only": counts.aggregate_only,
        "not_for_use": counts.not_for_use,
        "waiting": counts.waiting,
    }
