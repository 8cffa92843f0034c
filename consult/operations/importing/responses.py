"""Taking in answers that were gathered elsewhere, so that importing a file again adds nothing.

A row is known by its identifier where a column of them is mapped, else by its words and how often they stood in the
file before it, so that genuine duplicates stay. What is kept of that is a keyed hash. Other columns are not read: who
wrote a row is not stored, and when only as finely as the timing switch lets a participant's own answer be dated.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.consultations.enums import Attribution
from consult.consultations.kinds import KINDS
from consult.consultations.models import Consultation, GroundRules
from consult.consultations.queries import ground_rules_in_force
from consult.core import audit
from consult.core.clock import now
from consult.core.compact import NumberMap
from consult.core.errors import DomainError, Invalid
from consult.core.identifiers import keyed_digest
from consult.core.tabular import Row, Table
from consult.core.text import tidy
from consult.meetings.models import Asking, Meeting
from consult.meetings.queries import askings_at
from consult.operations.definition.fields import LANGUAGE
from consult.operations.importing.times import read_time
from consult.responses.actions import GatheredAnswer, add_answers
from consult.responses.enums import Source
from consult.responses.queries import imported_among
from consult.responses.rules import check_attribution, coarse_time

MAPPED = ("answer", "id", "language", "time")
"""What a column may be mapped to; `answer` must be."""

_RECOGNISED: tuple[tuple[str, dict[str, str]], ...] = (
    ("a Polis export", {"answer": "comment-body", "id": "comment-id", "time": "timestamp"}),
)
_LIMESURVEY: tuple[dict[str, str], ...] = (
    {"id": "id", "submitted": "submitdate", "language": "startlanguage"},
    {"id": "response id", "submitted": "date submitted", "language": "start language"},
    {"id": "id de la respuesta"},
)
"""Headings of a response export: by code, in full, and in full with question numbers before them (“P1_…”)."""
_NUMBERED = re.compile(r"^[a-z]\d+_")
_BATCH = 2000
_NUMBER_BITS, _WORDS_BITS = 60, 36
SHOWN = 20
SAMPLED = 5


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
    columns: dict[str, int] = field(default_factory=dict)
    """What was read from which column of the file."""
    sample: list[str] = field(default_factory=list)
    """The words of the first rows that would be taken, where it was only looked at."""

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
    time: int | None = None
    submitted: int | None = None
    """Where a tool says when a row was submitted; one without was only begun."""


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
    by: User | None = None,
    look: bool = False,
) -> ImportReport:
    """Take every row that is not there yet as an answer waiting for moderation. Whoever calls commits, or does not.

    `look`: say what would become of the rows, and write nothing.

    Raises Invalid for columns, a question or a use that do not fit; a row that does not is refused alone.
    """
    report = ImportReport()
    columns = _columns(table, mapping or {}, report)
    places = {
        "answer": columns.answer,
        "id": columns.identifier,
        "language": columns.language,
        "time": columns.time,
    }
    report.columns = {what: place for what, place in places.items() if place is not None}
    rules = ground_rules_in_force(session, consultation)
    level = attribution if attribution is not None else min(Attribution.QUOTE_UNATTRIBUTED, rules.ceiling)
    check_attribution(level, rules)
    rows = _Rows(
        session,
        asking=_asking(session, meeting, question),
        rules=rules,
        columns=columns,
        attribution=level,
        language=_language(language or consultation.language),
        secret_key=secret_key.encode("utf-8"),
        report=report,
    )
    if look:
        _look(rows, table, report)
        return report
    for answers in _batches(rows, table, report):
        add_answers(
            session,
            consultation=consultation,
            meeting=meeting,
            rules=rules,
            source=Source.IMPORT,
            rows=answers,
        )
        report.taken += len(answers)
    audit.record(
        session,
        "responses_imported",
        user_id=None if by is None else by.id,
        consultation_id=consultation.id,
        subject=meeting.id,
        taken=report.taken,
        already=report.already,
        refused=report.refused,
    )
    return report


def _batches(rows: "_Rows", table: Table, report: ImportReport) -> Iterator[list[GatheredAnswer]]:
    """The table's answers in batches; at the end what reading it had to remark."""
    source = iter(table.rows)
    while batch := list(islice(source, _BATCH)):
        yield rows.read(batch)
    report.notes.extend(table.notes)


def _look(rows: "_Rows", table: Table, report: ImportReport) -> None:
    """Count what would be taken, and keep a few words to be looked at."""
    seen: set[str] = set()
    for answers in _batches(rows, table, report):
        fresh = {answer.row_key for answer in answers} - seen
        report.taken += len(fresh)
        report.already += len(answers) - len(fresh)
        report.sample += [answer.text for answer in answers][: SAMPLED - len(report.sample)]
        seen |= fresh


class _Rows:
    """Turns rows into answers, and counts those that are not taken.

    Of a row that went by it keeps two numbers: a part of its identity's hash, and where it stood or how often. So a
    million rows take twenty megabytes; which rows earlier files brought the database is asked batch by batch.
    """

    def __init__(
        self,
        session: Session,
        *,
        asking: Asking,
        rules: GroundRules,
        columns: _Columns,
        attribution: Attribution,
        language: str,
        secret_key: bytes,
        report: ImportReport,
    ) -> None:
        self._session, self._asking, self._columns, self._attribution = session, asking, columns, attribution
        self._language, self._secret_key, self._report = language, secret_key, report
        self._dated = columns.time if coarse_time(now(), rules) is not None else None
        self._purpose = f"imported-row:{asking.meeting_id}:{asking.question_id}"
        self._gone_by = NumberMap()

    def read(self, batch: Sequence[Row]) -> list[GatheredAnswer]:
        """The answers to take of these rows; the others have been counted as something else."""
        texts = ["" if row.problem else tidy(row.cells[self._columns.answer]) for row in batch]
        keys = [self._key(row, text) if text else None for row, text in zip(batch, texts, strict=True)]
        known = imported_among(
            self._session, self._asking.meeting_id, [key for key in keys if isinstance(key, str)]
        )
        answers = []
        for row, text, key in zip(batch, texts, keys, strict=True):
            if row.problem:
                self._report.refuse(row.line, row.problem)
            elif key is None:
                self._report.empty += 1
            elif self._begun(row):
                self._report.refuse(row.line, "it was begun and never submitted")
            elif isinstance(key, Invalid):
                self._report.refuse(row.line, _as_reason(str(key)))
            elif key in known:
                self._report.already += 1
            elif (answer := self._answer(row, text, key)) is not None:
                known.add(key)
                answers.append(answer)
        return answers

    def _answer(self, row: Row, text: str, key: str) -> GatheredAnswer | None:
        question = self._asking.question
        try:
            given = KINDS[question.kind].from_cell(question, text)
            language, at = self._language_of(row), self._time_of(row)
        except DomainError as error:
            self._report.refuse(row.line, _as_reason(str(error)))
            return None
        return GatheredAnswer(
            asking=self._asking,
            text=given.words,
            attribution=self._attribution,
            language=language,
            row_key=key,
            choices=given.choices,
            at=at,
        )

    def _time_of(self, row: Row) -> datetime | None:
        """When, where a column is mapped to it and the timing switch lets it be kept at all."""
        return None if self._dated is None else read_time(row.cells[self._dated])

    def _begun(self, row: Row) -> bool:
        return self._columns.submitted is not None and not tidy(row.cells[self._columns.submitted])

    def _key(self, row: Row, text: str) -> str | Invalid:
        """The keyed hash under which the row is found again, or what is wrong with its identifier."""
        words = hashlib.sha256(text.encode("utf-8")).digest()
        if self._columns.identifier is None:
            part = _number(words)
            occurrence = self._gone_by.get(part, 0)
            self._gone_by.put(part, occurrence + 1)
            identity = f"words {words.hex()} {occurrence}"
        else:
            identifier = tidy(row.cells[self._columns.identifier])
            if not identifier:
                return Invalid("it has no identifier")
            identity = f"id {identifier}"
            part = _number(hashlib.sha256(identifier.encode("utf-8")).digest())
            here = row.line << _WORDS_BITS | _number(words) >> (_NUMBER_BITS - _WORDS_BITS)
            first = self._gone_by.get(part, 0)
            if not first:
                self._gone_by.put(part, first := here)
            if (first ^ here) & ((1 << _WORDS_BITS) - 1):
                return Invalid(
                    "its identifier stands in line %(line)s with other words", line=first >> _WORDS_BITS
                )
        return keyed_digest(self._secret_key, self._purpose, identity).hex()

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
    survey = _limesurvey(table)
    if survey:
        report.notes.append("Recognised as a LimeSurvey export of responses.")
    if "answer" not in mapping:
        raise Invalid(
            "Say which column holds the answers: --map answer=COLUMN. %(file)s has: %(columns)s.",
            file=table.name,
            columns=", ".join(table.columns[:SHOWN]) + (" …" if len(table.columns) > SHOWN else ""),
        )
    place = {what: table.column(column) for what, column in mapping.items()}
    language = place.get("language", survey.get("language"))
    submitted = survey.get("submitted")
    return _Columns(
        place["answer"], place.get("id", survey.get("id")), language, place.get("time", submitted), submitted
    )


def _limesurvey(table: Table) -> dict[str, int]:
    """What → column of a response export of LimeSurvey; empty for another file."""
    plain = [_NUMBERED.sub("", column.strip().casefold()) for column in table.columns]
    for headings in _LIMESURVEY:
        if all(plain.count(heading) == 1 for heading in headings.values()):
            return {what: plain.index(heading) for what, heading in headings.items()}
    return {}


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


def _number(hashed: bytes) -> int:
    return int.from_bytes(hashed[:8], "big") >> (64 - _NUMBER_BITS)


def _as_reason(sentence: str) -> str:
    """An error's sentence as what follows a line number."""
    return sentence[:1].lower() + sentence[1:].rstrip(".")
