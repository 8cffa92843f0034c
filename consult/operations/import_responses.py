"""Taking in answers that were gathered elsewhere, so that importing a file again adds nothing.

A row is known by its identifier where a column of them is mapped, else by its words and how often they stood in the
file before it, so that genuine duplicates stay. What is kept of that is a keyed hash. Other columns are not read:
who wrote a row, and when, is not stored.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from consult.consultations.enums import Attribution
from consult.consultations.kinds import KINDS
from consult.consultations.models import Consultation
from consult.consultations.queries import ground_rules_in_force
from consult.core import audit
from consult.core.errors import DomainError, Invalid
from consult.core.identifiers import keyed_digest
from consult.core.tabular import Row, Table
from consult.core.text import tidy
from consult.meetings.models import Asking, Meeting
from consult.meetings.queries import askings_at
from consult.operations.definition.fields import LANGUAGE
from consult.responses.actions import GatheredAnswer, add_answers
from consult.responses.enums import Source
from consult.responses.queries import imported_keys
from consult.responses.rules import check_attribution

MAPPED = ("answer", "id", "language")
"""What a column may be mapped to; `answer` must be."""

_RECOGNISED: tuple[tuple[str, dict[str, str]], ...] = (
    ("a Polis export", {"answer": "comment-body", "id": "comment-id"}),
)
_BATCH = 1000
SHOWN = 20


@dataclass
class ImportReport:
    """What became of a file's rows."""

    taken: int = 0
    already: int = 0
    empty: int = 0
    refused: int = 0
    reasons: list[str] = field(default_factory=list)
    """The first refused rows, each with its line and why."""
    notes: list[str] = field(default_factory=list)

    def refuse(self, line: int, why: str) -> None:
        """Count a row that cannot be taken."""
        self.refused += 1
        if len(self.reasons) < SHOWN:
            self.reasons.append(f"line {line}: {why}")


@dataclass(frozen=True)
class _Columns:
    answer: int
    identifier: int | None
    language: int | None


def import_responses(
    session: Session,
    consultation: Consultation,
    meeting: Meeting,
    table: Table,
    *,
    secret_key: str,
    mapping: Mapping[str, str] | None = None,
    question: str | None = None,
    attribution: Attribution | None = None,
    language: str | None = None,
) -> ImportReport:
    """Take every row that is not there yet as an answer waiting for moderation. Whoever calls commits, or does not.

    Raises Invalid for columns, a question or a use that do not fit; a row that does not is refused alone.
    """
    report = ImportReport()
    columns = _columns(table, mapping or {}, report)
    rules = ground_rules_in_force(session, consultation)
    level = attribution if attribution is not None else min(Attribution.QUOTE_UNATTRIBUTED, rules.ceiling)
    check_attribution(level, rules)
    rows = _Rows(
        asking=_asking(session, meeting, question),
        columns=columns,
        attribution=level,
        language=_language(language or consultation.language),
        secret_key=secret_key.encode("utf-8"),
        known=imported_keys(session, meeting.id),
        report=report,
    )
    batch: list[GatheredAnswer] = []

    def store() -> None:
        add_answers(
            session,
            consultation=consultation,
            meeting=meeting,
            rules=rules,
            source=Source.IMPORT,
            rows=batch,
        )
        report.taken += len(batch)
        batch.clear()

    for row in table.rows:
        if (answer := rows.read(row)) is not None:
            batch.append(answer)
        if len(batch) == _BATCH:
            store()
    if batch:
        store()
    report.notes.extend(table.notes)
    audit.record(
        session,
        "responses_imported",
        consultation_id=consultation.id,
        subject=meeting.id,
        taken=report.taken,
        already=report.already,
        refused=report.refused,
    )
    return report


class _Rows:
    """Turns rows into answers, and counts those that are not taken."""

    def __init__(
        self,
        *,
        asking: Asking,
        columns: _Columns,
        attribution: Attribution,
        language: str,
        secret_key: bytes,
        known: set[str],
        report: ImportReport,
    ) -> None:
        self._asking, self._columns, self._attribution = asking, columns, attribution
        self._language, self._secret_key, self._known, self._report = language, secret_key, known, report
        self._occurrences: Counter[bytes] = Counter()
        self._identified: dict[str, tuple[int, bytes]] = {}

    def read(self, row: Row) -> GatheredAnswer | None:
        """The row's answer, or None once the row has been counted as something else."""
        if row.problem:
            self._report.refuse(row.line, row.problem)
            return None
        text = tidy(row.cells[self._columns.answer])
        if not text:
            self._report.empty += 1
            return None
        try:
            key = self._key(row, hashlib.sha256(text.encode("utf-8")).digest())
            if key in self._known:
                self._report.already += 1
                return None
            question = self._asking.question
            given = KINDS[question.kind].from_cell(question, text)
            answer = GatheredAnswer(
                asking=self._asking,
                text=given.words,
                attribution=self._attribution,
                language=self._language_of(row),
                row_key=key,
                choices=given.choices,
            )
        except DomainError as error:
            self._report.refuse(row.line, _as_reason(str(error)))
            return None
        self._known.add(key)
        return answer

    def _key(self, row: Row, words: bytes) -> str:
        """The keyed hash under which the row is found again. Raises Invalid for an identifier that is not one."""
        if self._columns.identifier is None:
            identity = f"words {words.hex()} {self._occurrences[words]}"
            self._occurrences[words] += 1
        else:
            identifier = tidy(row.cells[self._columns.identifier])
            if not identifier:
                raise Invalid("it has no identifier")
            line, first = self._identified.setdefault(identifier, (row.line, words))
            if first != words:
                raise Invalid("its identifier stands in line %(line)s with other words", line=line)
            identity = f"id {identifier}"
        purpose = f"imported-row:{self._asking.meeting_id}:{self._asking.question_id}"
        return keyed_digest(self._secret_key, purpose, identity).hex()

    def _language_of(self, row: Row) -> str:
        if self._columns.language is None:
            return self._language
        return _language(tidy(row.cells[self._columns.language]) or self._language)


def _columns(table: Table, mapping: Mapping[str, str], report: ImportReport) -> _Columns:
    if unknown := sorted(set(mapping) - set(MAPPED)):
        raise Invalid(
            "Nothing is called “%(what)s” here. A column can be mapped to: %(known)s.",
            what=unknown[0],
            known=", ".join(MAPPED),
        )
    if not mapping:
        for what, columns in _RECOGNISED:
            if set(columns.values()) <= set(table.columns):
                mapping = columns
                report.notes.append(f"Recognised as {what}.")
    if "answer" not in mapping:
        raise Invalid(
            "Say which column holds the answers: --map answer=COLUMN. %(file)s has: %(columns)s.",
            file=table.name,
            columns=", ".join(table.columns[:SHOWN]) + (" …" if len(table.columns) > SHOWN else ""),
        )
    place = {what: table.column(column) for what, column in mapping.items()}
    return _Columns(place["answer"], place.get("id"), place.get("language"))


def _asking(session: Session, meeting: Meeting, code: str | None) -> Asking:
    askings = [one for one in askings_at(session, meeting) if KINDS[one.question.kind].asks]
    codes = [asking.question.code for asking in askings]
    if not askings:
        raise Invalid("Nothing is asked at %(meeting)s.", meeting=meeting.slug)
    if code is None and len(askings) > 1:
        raise Invalid(
            "%(meeting)s asks several questions. Say which one is answered: --question %(codes)s.",
            meeting=meeting.slug,
            codes=" or ".join(codes),
        )
    if code is not None and code not in codes:
        raise Invalid(
            "%(meeting)s does not ask “%(code)s”. It asks: %(codes)s.",
            meeting=meeting.slug,
            code=code,
            codes=", ".join(codes),
        )
    return askings[0] if code is None else askings[codes.index(code)]


def _language(code: str) -> str:
    if not LANGUAGE.fullmatch(code):
        raise Invalid("“%(code)s” is not a language code like en or pl", code=code[:SHOWN])
    return code


def _as_reason(sentence: str) -> str:
    """An error's sentence as what follows a line number."""
    return sentence[:1].lower() + sentence[1:].rstrip(".")
