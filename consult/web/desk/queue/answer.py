"""One answer of the queue as its page shows it: as submitted, as published, and what stands in the way of deciding."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from consult.core.errors import Invalid
from consult.meetings.models import Meeting
from consult.moderation.enums import RejectReason, Verdict
from consult.moderation.phrases import removed_words
from consult.moderation.published import line_of
from consult.moderation.queries import (
    Around,
    LoggedDecision,
    Reading,
    WrittenNote,
    reading,
    words_before,
    words_read,
)
from consult.moderation.rules import (
    LEAST_COUNTED,
    LEAST_QUOTED,
    Span,
    checked_spans,
    segments_of,
    words_between,
)
from consult.responses.enums import AnswerState
from consult.web.desk import words
from consult.web.desk.queue.choices import chosen_words
from consult.web.desk.queue.filtering import Filter
from consult.web.desk.queue.forms import DecisionForm, SpansField
from consult.web.desk.queue.hints import HintLine, hint_lines, marked
from consult.web.desk.queue.undoing import seconds_left
from consult.web.guards import Scope


@dataclass(frozen=True)
class Chosen:
    """A redaction chosen on the page, not stored yet."""

    value: str
    words: str
    label: str


@dataclass(frozen=True)
class Shown:
    """One answer as submitted and as it would be published."""

    reading: Reading
    meeting: Meeting
    state: str
    facts: str
    attribution: str
    source_segments: list[tuple[str, str | None]]
    printed: list[tuple[str, str | None]]
    line: str
    redactions: list[Chosen]
    hints: list[HintLine]
    ticks: list[tuple[int, int, str]]
    decide_url: str
    previous_url: str | None
    next_url: str | None
    notes: list[WrittenNote]
    others: str
    """Who else has it open, as a sentence, or nothing."""
    own_first: bool
    """Whether the reader's own approval stands and waits for another person's."""
    earlier: str | None
    """What its author had written before, where it was changed and that is kept."""
    choices: tuple[str, ...] = ()
    """What was chosen, in words, where the question has choices."""

    @property
    def counted(self) -> bool:
        return self.reading.revision.attribution >= LEAST_COUNTED

    @property
    def quoted(self) -> bool:
        return self.reading.revision.attribution >= LEAST_QUOTED

    @property
    def waiting(self) -> bool:
        return self.reading.answer.state is AnswerState.WAITING

    @property
    def published(self) -> bool:
        return self.quoted and self.reading.answer.state is AnswerState.APPROVED


@dataclass(frozen=True)
class Done:
    """What was just decided, with all that its undo needs."""

    sentence: str
    answer_url: str
    decide_url: str
    read: str
    read_number: int
    undo_for: int
    """Seconds for which its undo is offered; none after a reversal, and once they are over."""


@dataclass(frozen=True)
class Clash:
    """What somebody read and pressed, where something changed meanwhile."""

    words_changed: bool
    words_read: str | None
    pressed: str
    reason: str
    note: str
    standing: LoggedDecision | None


def shown_answer(
    scope: Scope,
    chosen: Filter,
    found: Reading,
    spans: Sequence[Span],
    neighbours: tuple[str | None, str | None],
    *,
    around: Around,
) -> Shown:
    """The answer with those of the redactions that can stand; a decided one with those that were decided."""
    session, revision = scope.session, found.revision
    text, language = revision.text or "", scope.consultation.language
    kept = standing(text, spans if found.answer.state is AnswerState.WAITING else found.spans)
    before, behind = neighbours
    first = found.first_approval
    hints = around.hints.get(revision.id, [])
    return Shown(
        reading=found,
        meeting=next(m for m in scope.meetings if m.id == found.answer.meeting_id),
        state=str(words.STATES[found.answer.state]),
        facts=f"{words.language_name(revision.language)} · {words.SOURCES[found.response.source]}",
        attribution=str(words.ATTRIBUTIONS[revision.attribution]),
        source_segments=marked(text, kept, hints),
        printed=printed(text, kept, language),
        line=line_of(session, found.answer, revision, found.response, language),
        redactions=[
            Chosen(SpansField.value_of(span), text[span.starts : span.ends], str(words.KINDS[span.kind]))
            for span in kept
        ],
        hints=hint_lines(text, hints, kept),
        ticks=[w for w in words_between(text) if not any(s.starts < w[1] and w[0] < s.ends for s in kept)],
        decide_url=chosen.decide_url(found.answer.id),
        previous_url=chosen.answer_url(before) if before else None,
        next_url=chosen.answer_url(behind) if behind else None,
        notes=around.notes,
        others=others_sentence(around.others),
        own_first=first is not None and first.decision.decided_by == scope.user.id,
        earlier=words_before(session, revision),
        choices=tuple(chosen_words(scope, [found.answer.id])[found.answer.id]) if revision.choices else (),
    )


def others_sentence(names: Sequence[str]) -> str:
    """That somebody else has this answer open."""
    return str(_("%(names)s is on this one too.", names=", ".join(names))) if names else ""


def printed(text: str, spans: Sequence[Span], language: str) -> list[tuple[str, str | None]]:
    """The text as it is published, each redaction with the words that stand in its place."""
    return [
        (part or "", removed_words(kind, language) if kind else None)
        for part, kind in segments_of(text, spans)
    ]


def just_done(scope: Scope, chosen: Filter, answer_id: str | None) -> Done | None:
    """The notice of what its reader decided a moment ago, where it still stands."""
    if not answer_id:
        return None
    found = reading(scope.session, scope.consultation, scope.meeting_ids, answer_id)
    last = found.log[-1] if found and found.log else None
    if found is None or last is None or last.decision.decided_by != scope.user.id:
        return None
    sentences = {
        Verdict.APPROVE: _("Approved."),
        Verdict.REJECT: _("Rejected."),
        Verdict.REOPEN: _("Reversed. The answer is waiting again."),
    }
    first = _("Approved once. Another person’s approval publishes it.")
    return Done(
        sentence=first if last.first_of_two else sentences[last.decision.verdict],
        answer_url=chosen.answer_url(answer_id),
        decide_url=chosen.decide_url(answer_id),
        read=found.revision.hash,
        read_number=found.number,
        undo_for=0 if last.decision.verdict is Verdict.REOPEN else seconds_left(last.decision.decided_at),
    )


def conflict_with(scope: Scope, form: DecisionForm, act: str, found: Reading) -> Clash:
    """What was read and pressed, beside which the page shows what stands now."""
    read = form.read.data or ""
    pressed = {
        Verdict.APPROVE.value: _("Approve"),
        Verdict.REJECT.value: _("Reject"),
        Verdict.REOPEN.value: _("Reverse the decision"),
    }
    reason: RejectReason | None = form.chosen_reason if act == Verdict.REJECT else None
    return Clash(
        words_changed=read != found.revision.hash,
        words_read=words_read(scope.session, found.answer, read) if len(read) == 64 else None,
        pressed=pressed.get(act, _("Show what will be published")),
        reason=words.reason_name(scope.consultation, reason) if reason else "",
        note=form.note.data or "",
        standing=found.log[-1] if found.log else None,
    )


def standing(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Those of the spans that can stand together, the earlier chosen first."""
    kept: tuple[Span, ...] = ()
    for span in spans:
        try:
            kept = checked_spans(text, [*kept, span])
        except Invalid:
            continue
    return kept
