"""What a verdict does, which redactions can stand, and how published words are put together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from consult.consultations.enums import Attribution
from consult.core.errors import Invalid, Refused
from consult.moderation.enums import RedactionKind, RejectReason, Verdict
from consult.responses.enums import AnswerState

STATE_AFTER: dict[Verdict, AnswerState] = {
    Verdict.APPROVE: AnswerState.APPROVED,
    Verdict.REJECT: AnswerState.REJECTED,
    Verdict.REOPEN: AnswerState.WAITING,
}

Approval = tuple[str, tuple["Span", ...]]
"""Who approved, and with which redactions."""

LEAST_COUNTED = Attribution.AGGREGATE_ONLY
LEAST_QUOTED = Attribution.QUOTE_UNATTRIBUTED

Segments = list[list[str | None]]
"""A text in order as [words, None] and ["", redaction kind] pairs; the removed words are in neither."""


@dataclass(frozen=True)
class Span:
    """Code points [starts, ends) of a revision, to be replaced by the kind of what they gave away."""

    starts: int
    ends: int
    kind: RedactionKind


def check_verdict(
    verdict: Verdict, attribution: Attribution, reason: RejectReason | None, spans: Sequence[Span]
) -> None:
    """What a verdict needs and what it cannot be given on. Raises Refused or Invalid."""
    if verdict is Verdict.APPROVE and attribution < LEAST_COUNTED:
        raise Refused(
            "Whoever wrote this asked that it is not used, so it cannot be approved. Reject it as not for use."
        )
    if verdict is Verdict.REJECT and reason is None:
        raise Invalid("Choose why this answer is not published.", field="reason")
    if verdict is not Verdict.APPROVE and spans:
        raise Invalid(
            "Only an approved answer is redacted. Approve it, or leave the redactions out.", field="spans"
        )


def is_first_approval(verdict: Verdict, after: AnswerState) -> bool:
    """Whether a decision was an approval that waits for another person's."""
    return verdict is Verdict.APPROVE and after is AnswerState.WAITING


def check_second_approval(by: str, spans: tuple[Span, ...], first: Approval | None) -> None:
    """Raises Refused where the same person would approve the same text twice."""
    if first == (by, spans):
        raise Refused("You have approved this already. Another person’s approval publishes it.")


def state_after(
    verdict: Verdict, by: str, spans: tuple[Span, ...], *, second: bool, first: Approval | None
) -> AnswerState:
    """Where a verdict brings an answer.

    With `second`, only another person's approval of the very text that stands approved as the `first` publishes it;
    an approval with other redactions is a first one again.
    """
    if verdict is Verdict.APPROVE and second:
        confirmed = first is not None and first[0] != by and first[1] == spans
        return AnswerState.APPROVED if confirmed else AnswerState.WAITING
    return STATE_AFTER[verdict]


def checked_spans(text: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans in order. Raises Invalid at `spans` where they leave the text, overlap, or leave nothing of it."""
    ordered = tuple(sorted(spans, key=lambda span: (span.starts, span.ends)))
    reached = 0
    for span in ordered:
        if span.starts < 0 or span.ends > len(text):
            raise Invalid(
                "A redaction lies outside the text, which has %(length)s characters. Select the words again.",
                field="spans",
                length=len(text),
            )
        if span.ends <= span.starts:
            raise Invalid("A redaction takes out no words. Select the words again.", field="spans")
        if span.starts < reached:
            raise Invalid(
                "Two redactions overlap. Remove one of them, or select words that are not redacted yet.",
                field="spans",
            )
        reached = span.ends
    if ordered and not any(
        c.isalnum() for words, kind in segments_of(text, ordered) if not kind for c in words or ""
    ):
        raise Invalid("Nothing would be left to publish. Reject the answer instead.", field="spans")
    return ordered


def segments_of(text: str, spans: Sequence[Span]) -> Segments:
    """The text with ordered spans taken out."""
    segments: Segments = []
    reached = 0
    for span in spans:
        if span.starts > reached:
            segments.append([text[reached : span.starts], None])
        segments.append(["", span.kind.value])
        reached = span.ends
    if reached < len(text):
        segments.append([text[reached:], None])
    return segments


def words_between(text: str) -> list[tuple[int, int, str]]:
    """Every word with its code points: [(starts, ends, word)]."""
    words: list[tuple[int, int, str]] = []
    reached = 0
    for word in text.split():
        starts = text.index(word, reached)
        reached = starts + len(word)
        words.append((starts, reached, word))
    return words


def merged(text: str, pieces: Iterable[tuple[int, int]], kind: RedactionKind) -> list[Span]:
    """Spans over `pieces`, neighbours with nothing but space between them as one."""
    spans: list[Span] = []
    for starts, ends in sorted(pieces):
        if spans and not text[spans[-1].ends : starts].strip() and starts >= spans[-1].ends:
            spans[-1] = Span(spans[-1].starts, ends, kind)
        else:
            spans.append(Span(starts, ends, kind))
    return spans
