"""REFI-QDA: one source a question, one paragraph an answer; themes as codes, what may be told as variables.

The same released content gives the same file, identifiers included: they are made from names, places and words.
"""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy.orm import Session

from consult.analysis.disclosure.project import (
    ReleasedAnswer,
    release_answers,
    release_codebook,
    release_questions,
)
from consult.analysis.disclosure.rows import Profile
from consult.consultations.models import Consultation
from consult.core.errors import N_, NotFound, Refused
from consult.core.qda.shapes import Case, Code, CodeGiven, Coder, Passage, Project, Source, guid_of
from consult.core.qda.writing import codebook_file, project_file
from consult.meetings.queries import meeting_by_slug

LINE_BREAK = "\u2028"
"""In place of a line break inside an answer, so that a paragraph stays one; as long, so that places stay too."""
NOBODY = "Coders"
VARIABLES = ("meeting", "attribution", "language")
QDA_FORMATS = {"qdpx": N_("Project for qualitative analysis (QDPX)"), "qdc": N_("Codebook (QDC)")}


def codebook(session: Session, consultation: Consultation) -> bytes:
    """The codebook as .qdc. Raises Refused where it is empty."""
    codes = _codes(session, consultation)
    if not codes:
        raise Refused("The codebook has no theme in use, so there is nothing to write.")
    return codebook_file(codes)


def project(
    session: Session, consultation: Consultation, profile: Profile, meeting: str | None = None
) -> bytes:
    """The published answers with their themes as .qdpx. Raises NotFound for a meeting that there is not."""
    meeting_ids = None
    if meeting is not None:
        found = meeting_by_slug(session, consultation, meeting)
        if found is None:
            raise NotFound("This consultation has no meeting “%(meeting)s”.", meeting=meeting)
        meeting_ids = [found.id]
    answers = list(release_answers(session, consultation, profile, meeting_ids=meeting_ids))
    built = _Built(consultation.slug)
    by_question: dict[str, list[ReleasedAnswer]] = defaultdict(list)
    for answer in answers:
        by_question[answer.row.question].append(answer)
    sources = tuple(
        built.source(code, prompt, by_question[code])
        for code, prompt in release_questions(session, consultation).items()
        if by_question[code]
    )
    handling = "Not for release" if profile is Profile.DESK else "May be published"
    return project_file(
        Project(
            name=consultation.title,
            coders=tuple(built.coders[name] for name in sorted(built.coders)),
            codes=_codes(session, consultation),
            variables={guid_of(built.of, "variable", name): name for name in VARIABLES}
            if built.cases
            else {},
            cases=tuple(built.cases),
            sources=sources,
            description=f"{consultation.title}. {handling}. Published text only, in a shuffled order.",
        )
    )


def _codes(session: Session, consultation: Consultation) -> tuple[Code, ...]:
    entries = release_codebook(session, consultation)
    present = {entry.code for entry in entries}

    def under(parent: str) -> tuple[Code, ...]:
        return tuple(
            Code(
                guid=guid_of(consultation.slug, "theme", entry.code),
                name=entry.title,
                description=entry.spoken(),
                colour=entry.colour,
                under=under(entry.code),
            )
            for entry in entries
            if (entry.parent if entry.parent in present else "") == parent
        )

    return under("")


@dataclass
class _Place:
    """Where an answer stands in its source."""

    starts: int
    words: list[tuple[int, int]]
    """Places of its published words without the marks of what was taken out, in the source."""


class _Built:
    """Sources, cases and coders as they come together."""

    def __init__(self, of: str) -> None:
        self.of = of
        self.coders: dict[str, Coder] = {}
        self.cases: list[Case] = []

    def source(self, code: str, prompt: str, answers: list[ReleasedAnswer]) -> Source:
        guid = guid_of(self.of, "source", code)
        text, passages = "", []
        for number, answer in enumerate(answers, start=1):
            paragraph = answer.row.text.replace("\n", LINE_BREAK)
            place = _Place(len(text), _visible(answer, len(text)))
            passages += self._passages(guid, number, answer, place, len(paragraph))
            text += f"{paragraph}\n"
        return Source(guid, f"{code}: {prompt}"[:200], text, tuple(passages))

    def _passages(
        self, source: str, number: int, answer: ReleasedAnswer, place: _Place, length: int
    ) -> list[Passage]:
        """The whole paragraph first, then its coded parts."""
        parts: dict[tuple[int, int], list[CodeGiven]] = {(place.starts, place.starts + length): []}
        for coding in answer.codings:
            where = (place.starts, place.starts + length)
            if coding.starts is not None and coding.ends is not None:
                where = (_at(place.words, coding.starts), _at(place.words, coding.ends, last=True))
            coder = self._coder(coding.coder)
            key = (source, str(number), coding.theme, coding.coder, *map(str, where))
            parts.setdefault(where, []).append(
                CodeGiven(guid_of("given", *key), guid_of(self.of, "theme", coding.theme), coder)
            )
        found = [
            Passage(
                guid_of("passage", source, str(number), str(starts), str(ends)), starts, ends, tuple(given)
            )
            for (starts, ends), given in parts.items()
        ]
        self._case(source, number, answer, found[0].guid)
        return found

    def _case(self, source: str, number: int, answer: ReleasedAnswer, passage: str) -> None:
        row = answer.row
        values = {"meeting": row.meeting, "attribution": row.attribution_line, "language": row.language}
        told = tuple((guid_of(self.of, "variable", name), value) for name, value in values.items() if value)
        self.cases.append(
            Case(guid_of("case", source, str(number)), f"{row.question} {number}", told, passage)
        )

    def _coder(self, name: str) -> str:
        shown = name or NOBODY
        guid = guid_of(self.of, "coder", shown)
        self.coders.setdefault(shown, Coder(guid, shown))
        return guid


def _visible(answer: ReleasedAnswer, starts: int) -> list[tuple[int, int]]:
    """The places of published words in the source: the marks of what was taken out are passed over."""
    places, reached, text = [], 0, answer.row.text
    for words, kind in answer.row.segments:
        if kind:
            reached = text.index("]", reached) + 1
        else:
            places.append((starts + reached, starts + reached + len(words)))
            reached += len(words)
    return places


def _at(places: list[tuple[int, int]], offset: int, *, last: bool = False) -> int:
    for starts, ends in places:
        size = ends - starts
        if offset < size or (last and offset == size):
            return starts + offset
        offset -= size
    return places[-1][1]
