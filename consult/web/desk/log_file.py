"""The log of moderation as it leaves the desk in a file."""

from collections.abc import Iterator
from datetime import UTC

from flask_babel import gettext as _

from consult.consultations.enums import Timing
from consult.core import audit
from consult.exports.data import log_xlsx
from consult.exports.data.released import NOT_FOR_RELEASE
from consult.moderation.log import LogLine
from consult.web.desk import words
from consult.web.guards import Scope


class Writing:
    """Rows in the reader's language, the words for them fetched while there is a request to ask for it.

    Without names, people and answers are numbered as they come up. Days stand for instants unless the ground rules
    let instants be kept.
    """

    def __init__(self, scope: Scope, *, named: bool) -> None:
        self._named = named
        self._minutes = scope.rules.timing is Timing.MINUTE
        self._meetings = {meeting.id: meeting.title for meeting in scope.meetings}
        self._people = Numbered(_("Person"))
        self._answers = Numbered(_("Answer"))
        self._verdicts = {key: str(word) for key, word in words.DECIDED.items()}
        self._reasons = {key: str(word) for key, word in words.REASONS.items()}
        self._states = {key: str(word) for key, word in words.STATES.items()}
        self._kinds = {key: str(word) for key, word in words.KINDS.items()}
        self._title = _("Moderation log: %(title)s", title=scope.consultation.title)
        self._handling = NOT_FOR_RELEASE if named else _("Not for publication")
        self._sheets = _("log"), _("read-me")
        self._columns = (
            (_("When"), 20),
            (_("Who"), 26),
            (_("Meeting"), 36),
            (_("Answer"), 30),
            (_("Decision on it"), 10),
            (_("What was done"), 18),
            (_("Why"), 34),
            (_("Before"), 14),
            (_("After"), 14),
            (_("Taken out"), 40),
        )
        end = audit.chain_end(scope.session)
        self._notes = (
            (_("Consultation"), scope.consultation.title),
            (_("Handling"), self._handling),
            (_("Times"), "UTC" if self._minutes else _("To the day, as the ground rules have it")),
            (_("Words"), _("Words of answers, removed words and notes of moderators are not in this file.")),
            (
                _("Audit log"),
                _(
                    "It ends with entry %(number)s, hash %(hash)s. “consult verify” checks it.",
                    number=end.number,
                    hash=end.hash,
                ),
            ),
        )
        self._notes_columns = _("What"), _("Words")

    def file(self, lines: Iterator[LogLine]) -> log_xlsx.LogFile:
        return log_xlsx.LogFile(
            title=self._title,
            handling=self._handling,
            sheets=self._sheets,
            columns=self._columns,
            rows=map(self.row, lines),
            notes=self._notes,
            notes_columns=self._notes_columns,
        )

    def row(self, line: LogLine) -> tuple[str, ...]:
        return (
            line.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M" if self._minutes else "%Y-%m-%d"),
            line.name if self._named else self._people[line.user_id],
            self._meetings[line.meeting_id],
            line.answer_id if self._named else self._answers[line.answer_id],
            str(line.number),
            self._verdicts[line.verdict],
            self._reasons[line.reason] if line.reason else "",
            self._states[line.state_before],
            self._states[line.state_after],
            ", ".join(self._kinds[kind] for kind in line.kinds),
        )


class Numbered(dict[str, str]):
    """Identifiers as "Person 1", "Person 2" in the order in which they are asked for."""

    def __init__(self, word: str) -> None:
        self._word = word

    def __missing__(self, identifier: str) -> str:
        self[identifier] = f"{self._word} {len(self) + 1}"
        return self[identifier]
