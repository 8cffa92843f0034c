"""What came of a bulk decision, carried in the address of the list it leads back to, and said there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask_babel import ngettext

from consult.core.clock import now
from consult.moderation.actions import Decided
from consult.moderation.enums import Verdict
from consult.moderation.log import LogScope, log_page
from consult.moderation.queries import readings
from consult.web.desk.queue.page import MOST_AT_ONCE
from consult.web.desk.queue.undoing import seconds_left
from consult.web.guards import Scope

FIELDS = ("bulk", "done_count", "stale_count", "refused_count")
SINCE, UNTIL = "since", "until"
"""In the address: between when the reader's decisions are those of the bulk decision, in microseconds since 1970."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Outcome:
    """Sentences: what was done, and what was left and why."""

    done: str
    left: list[str]
    undo: list[str]
    """What an undo sends as read, for each answer on which that decision still is the last word."""
    undo_for: int
    """Seconds for which that is offered."""


def carried(verdict: Verdict, decided: Decided, began: datetime) -> dict[str, str]:
    """For an address."""
    counts = (len(decided.done), decided.stale, decided.refused)
    given = dict(zip(FIELDS, (verdict.value, *map(str, counts)), strict=True))
    since, until = ((at - _EPOCH) // timedelta(microseconds=1) for at in (began, now()))
    return {**given, SINCE: str(since), UNTIL: str(until)}


def outcome(scope: Scope, given: Mapping[str, str]) -> Outcome | None:
    """From an address, where it carries one. What may be undone is read from the log, never from the address."""
    verdict, *rest = (given.get(name, "") for name in FIELDS)
    if verdict not in set(Verdict):
        return None
    done, stale, refused = (
        int(count) if count.isascii() and count.isdigit() and len(count) < 5 else 0 for count in rest
    )
    left = []
    if stale:
        left.append(
            ngettext(
                "%(num)s was changed meanwhile and was left.",
                "%(num)s were changed meanwhile and were left.",
                stale,
            )
        )
    if refused:
        left.append(
            ngettext(
                "%(num)s cannot be decided that way and was left. Open it to see why.",
                "%(num)s cannot be decided that way and were left. Open them to see why.",
                refused,
            )
        )
    since, until = (_instant(given.get(name, "")) for name in (SINCE, UNTIL))
    undo_for = seconds_left(until) if Verdict(verdict) is not Verdict.REOPEN else 0
    undo = _undone(scope, Verdict(verdict), since, until) if undo_for else []
    return Outcome(_sentence(Verdict(verdict), done), left, undo, undo_for)


def _undone(scope: Scope, verdict: Verdict, since: datetime, until: datetime) -> list[str]:
    wanted = LogScope(scope.consultation, scope.meeting_ids, user_id=scope.user.id, verdict=verdict)
    lines = [
        line for line in log_page(scope.session, wanted, limit=MOST_AT_ONCE) if since <= line.at <= until
    ]
    found = readings(scope.session, scope.consultation, scope.meeting_ids, [line.answer_id for line in lines])
    return [
        f"{line.answer_id}.{standing.revision.hash}.{standing.number}"
        for line in lines
        if (standing := found.get(line.answer_id)) is not None and standing.number == line.number
    ]


def _instant(given: str) -> datetime:
    """The instant of an address; long ago where there is none."""
    readable = given.isascii() and given.isdigit() and len(given) <= 16
    return _EPOCH + timedelta(microseconds=int(given) if readable else 0)


def _sentence(verdict: Verdict, done: int) -> str:
    if verdict is Verdict.APPROVE:
        return str(ngettext("%(num)s answer approved.", "%(num)s answers approved.", done))
    if verdict is Verdict.REJECT:
        return str(ngettext("%(num)s answer rejected.", "%(num)s answers rejected.", done))
    return str(ngettext("%(num)s decision reversed.", "%(num)s decisions reversed.", done))
