"""What the queue's page shows: the pile and its filters, one answer of it, and what stands in the way of a decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from consult.core.errors import Invalid, NotFound
from consult.core.text import unstorable
from consult.meetings.models import Meeting
from consult.moderation.enums import RejectReason, Verdict
from consult.moderation.phrases import removed_words
from consult.moderation.published import line_of
from consult.moderation.queries import (
    COUNTED_UP_TO,
    SHOWN,
    LoggedDecision,
    Pile,
    QueueLine,
    Reading,
    line_after,
    line_before,
    queue_page,
    reading,
    state_counts,
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
from consult.web.desk.forms import DecisionForm, SpansField
from consult.web.guards import Scope

PAGE = 30
SEPARATOR = "."
LARGEST_KEY = 2**63


@dataclass(frozen=True)
class Filter:
    """Which part of the queue somebody works through, as its address says it."""

    slug: str
    state: AnswerState
    meeting: Meeting | None
    after: tuple[int, str] | None

    def values(self) -> dict[str, str]:
        """The same as an address or a form carries it, without what goes without saying."""
        given = {
            "meeting": self.meeting.slug if self.meeting else "",
            "state": self.state.value,
            "after": f"{self.after[0]}{SEPARATOR}{self.after[1]}" if self.after else "",
        }
        return {name: value for name, value in given.items() if value}

    def pile(self, scope: Scope) -> Pile:
        """The answers meant: never of a meeting that is not this person's."""
        ids = [self.meeting.id] if self.meeting else scope.meeting_ids
        return Pile(scope.consultation, ids, self.state)

    def list_url(self, **more: str) -> str:
        return _address("desk.queue", slug=self.slug, **self.values(), **more)

    def answer_url(self, answer_id: str, **more: str) -> str:
        return _address("desk.queue_answer", slug=self.slug, answer_id=answer_id, **self.values(), **more)

    def decide_url(self, answer_id: str) -> str:
        return _address("desk.decide", slug=self.slug, answer_id=answer_id)


def _address(endpoint: str, **values: Any) -> str:
    return url_for(endpoint, **values)


def filter_from(scope: Scope, given: Mapping[str, str]) -> Filter:
    """The filter of an address or a form. Raises NotFound for a meeting, state or page that there is none of."""
    slug, state, after = given.get("meeting", ""), given.get("state", "") or "waiting", given.get("after", "")
    meeting = next((m for m in scope.meetings if m.slug == slug), None)
    key, _dot, answer_id = after.partition(SEPARATOR)
    readable = not after or (key.isascii() and key.isdigit() and len(key) < 20 and int(key) < LARGEST_KEY)
    if (slug and meeting is None) or state not in set(SHOWN) or not readable or unstorable(answer_id):
        raise NotFound("There is no such list. Open the queue from the overview.")
    return Filter(
        scope.consultation.slug, AnswerState(state), meeting, (int(key), answer_id) if after else None
    )


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
    ticks: list[tuple[int, int, str]]
    decide_url: str
    previous_url: str | None
    next_url: str | None

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
    undoable: bool


@dataclass(frozen=True)
class Clash:
    """What somebody read and pressed, where something changed meanwhile."""

    words_changed: bool
    words_read: str | None
    pressed: str
    reason: str
    note: str
    standing: LoggedDecision | None


class QueuePage:
    """The list left. Its cost in queries is the same for one answer and for a million."""

    def __init__(self, scope: Scope, chosen: Filter, found: Reading | None = None) -> None:
        self.scope = scope
        self.filter = chosen
        self.pile = chosen.pile(scope)
        self.current = found.answer.id if found else None
        lines = self._page(chosen.after)
        if (
            found
            and found.answer.state is chosen.state
            and self.current not in {x.answer_id for x in lines[:PAGE]}
        ):
            lines = self._page(found.position, inclusive=True)
        self.lines, self._more = lines[:PAGE], len(lines) > PAGE

    def _page(self, after: tuple[int, str] | None, *, inclusive: bool = False) -> list[QueueLine]:
        return queue_page(self.scope.session, self.pile, after=after, limit=PAGE + 1, inclusive=inclusive)

    @cached_property
    def counts(self) -> dict[AnswerState, int]:
        return state_counts(self.scope.session, self.scope.consultation, self.pile.meeting_ids)

    @property
    def decided(self) -> int:
        return self.counts[AnswerState.APPROVED] + self.counts[AnswerState.REJECTED]

    @property
    def total(self) -> int:
        return self.decided + self.counts[AnswerState.WAITING]

    @property
    def counted_in_full(self) -> bool:
        """Whether the counts are exact, so that progress can be drawn."""
        return max(self.counts.values()) <= COUNTED_UP_TO

    @property
    def state_name(self) -> str:
        return str(words.STATES[self.filter.state])

    @property
    def state_chips(self) -> list[dict[str, object]]:
        return [
            {
                "text": words.STATES[state],
                "count": _("1,000+") if number > COUNTED_UP_TO else number,
                "href": replace(self.filter, state=state, after=None).list_url(),
                "current": state is self.filter.state,
            }
            for state, number in self.counts.items()
        ]

    @property
    def meeting_chips(self) -> list[dict[str, object]]:
        """One for each meeting of this person, and one for all; none where there is one meeting alone."""
        choices: list[tuple[Meeting | None, str]] = [(None, _("All meetings"))]
        choices += [(meeting, meeting.short_title) for meeting in self.scope.meetings]
        return [
            {
                "text": text,
                "href": replace(self.filter, meeting=meeting, after=None).list_url(),
                "current": meeting is self.filter.meeting,
            }
            for meeting, text in choices
            if len(choices) > 2
        ]

    @property
    def entries(self) -> list[dict[str, object]]:
        """The lines of the list, in words."""
        titles = {meeting.id: meeting.short_title for meeting in self.scope.meetings}
        several = len(titles) > 1 and self.filter.meeting is None
        return [
            {
                "href": self.filter.answer_url(line.answer_id),
                "text": line.excerpt,
                "meta": f"{words.language_name(line.language)} · {words.ATTRIBUTIONS[line.attribution]}",
                "aside": titles[line.meeting_id] if several else None,
                "language": line.language,
                "current": line.answer_id == self.current,
            }
            for line in self.lines
        ]

    @property
    def next_page_url(self) -> str | None:
        return replace(self.filter, after=self.lines[-1].position).list_url() if self._more else None

    @property
    def first_page_url(self) -> str | None:
        return replace(self.filter, after=None).list_url() if self.filter.after else None

    def read(self, answer_id: str) -> Reading | None:
        """An answer of the list, which becomes the one that is shown."""
        self.current = answer_id
        return reading(self.scope.session, self.scope.consultation, self.pile.meeting_ids, answer_id)

    def shown(self, found: Reading, spans: Sequence[Span]) -> Shown:
        """The answer with those of the redactions that can stand; a decided one with those that were decided."""
        session, revision = self.scope.session, found.revision
        text, language = revision.text or "", self.scope.consultation.language
        kept = standing(text, spans if found.answer.state is AnswerState.WAITING else found.spans)
        meeting = next(m for m in self.scope.meetings if m.id == found.answer.meeting_id)
        before = line_before(session, self.pile, found.position)
        behind = line_after(session, self.pile, found.position)
        return Shown(
            reading=found,
            meeting=meeting,
            state=str(words.STATES[found.answer.state]),
            facts=f"{words.language_name(revision.language)} · {words.SOURCES[found.response.source]}",
            attribution=str(words.ATTRIBUTIONS[revision.attribution]),
            source_segments=_marked(text, kept),
            printed=[
                (part or "", removed_words(kind, language) if kind else None)
                for part, kind in segments_of(text, kept)
            ],
            line=line_of(session, found.answer, revision, found.response, language),
            redactions=[
                Chosen(SpansField.value_of(span), text[span.starts : span.ends], str(words.KINDS[span.kind]))
                for span in kept
            ],
            ticks=[
                w for w in words_between(text) if not any(s.starts < w[1] and w[0] < s.ends for s in kept)
            ],
            decide_url=self.filter.decide_url(found.answer.id),
            previous_url=self.filter.answer_url(before.answer_id) if before else None,
            next_url=self.filter.answer_url(behind.answer_id) if behind else None,
        )

    def done(self, answer_id: str | None) -> Done | None:
        """The notice of what was decided a moment ago, where it still stands."""
        if not answer_id:
            return None
        found = reading(self.scope.session, self.scope.consultation, self.scope.meeting_ids, answer_id)
        if found is None or not found.log:
            return None
        decision = found.log[-1].decision
        sentences = {
            Verdict.APPROVE: _("Approved."),
            Verdict.REJECT: _("Rejected."),
            Verdict.REOPEN: _("Reversed. The answer is waiting again."),
        }
        return Done(
            sentence=sentences[decision.verdict],
            answer_url=self.filter.answer_url(answer_id),
            decide_url=self.filter.decide_url(answer_id),
            read=found.revision.hash,
            read_number=found.number,
            undoable=decision.verdict is not Verdict.REOPEN,
        )

    def conflict_with(self, form: DecisionForm, act: str, found: Reading) -> Clash:
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
            words_read=words_read(self.scope.session, found.answer, read) if len(read) == 64 else None,
            pressed=pressed.get(act, _("Show what will be published")),
            reason=str(words.REASONS[reason]) if reason else "",
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


def _marked(text: str, spans: Sequence[Span]) -> list[tuple[str, str | None]]:
    """The whole text, with what is to be taken out marked."""
    marked: list[tuple[str, str | None]] = []
    reached = 0
    for span in spans:
        marked.append((text[reached : span.starts], None))
        marked.append((text[span.starts : span.ends], str(words.KINDS[span.kind])))
        reached = span.ends
    return [piece for piece in [*marked, (text[reached:], None)] if piece[0]]
