"""What the data exports render: rows that passed the gate, with what a reader must know about them.

Every format has the same columns in the same order, in questions' form order and shuffled within.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from consult.analysis.disclosure import Profile
from consult.analysis.disclosure.participation import MeetingParticipationEntry
from consult.analysis.disclosure.themes import ThemeEntry, ThemeTableEntry
from consult.consultations.kinds import Column
from consult.core.errors import N_, Invalid
from consult.exports.rates import rate
from consult.exports.speaking import THIN, Voice, voice
from consult.reports.document import FOR_RELEASE, GroundRulesEntry, QuestionEntry

NOT_FOR_RELEASE = "Not for release"

HANDLING = {Profile.DESK: NOT_FOR_RELEASE, Profile.PUBLICATION: FOR_RELEASE}
"""The words that every file of a profile carries."""

ENGLISH = voice("en")
NON_RESPONSE = N_(
    "Nothing is known of what those who did not answer think. Shares describe the people who answered, "
    "and are no estimate for all who were invited. Answers that wait, were rejected or taken back, or may only be "
    "counted have no row here; participation counts them as answered."
)


CHOICES = N_(
    "Each choice has a row of its own, filled in the columns of its question alone; rows of one person are never "
    "joined. For publication, answers of fewer than ten at a meeting are left out, and values that too few gave."
)


class Row(NamedTuple):
    """One answer that may be quoted, or is counted. The fields but the last are columns of every format; names are
    stable. What was chosen follows in columns of its own: those of `Released.choices`."""

    consultation: str
    meeting: str
    question: str
    text: str
    attribution: str
    language: str
    themes: tuple[str, ...]
    choices: tuple[str, ...] = ()

    def cells(self) -> tuple[str, ...]:
        """The same as text, theme codes separated by blanks."""
        first = (self.consultation, self.meeting, self.question, self.text, self.attribution, self.language)
        return (*first, " ".join(self.themes), *self.choices)


COLUMNS: tuple[str, ...] = Row._fields[:-1]

DICTIONARY: dict[str, str] = {
    "consultation": N_("Slug of the consultation."),
    "meeting": N_("Slug of the meeting at which the answer was given."),
    "question": N_(
        "Code of the question. Words come first, then choices, each in form order and shuffled within."
    ),
    "text": N_(
        "The answer as published: words taken out stand as [kind] in square brackets. "
        "Of a question with choices, what was chosen."
    ),
    "attribution": N_(
        "The line under which the answer may be quoted, as far as the ground rules and its author allow."
    ),
    "language": N_("Code of the language (ISO 639), empty where too few answers share it."),
    "themes": N_(
        "Codes of the codebook's themes that people gave the answer, separated by blanks; "
        "empty where the meeting has too few respondents."
    ),
}
"""What each column holds. Every column is text."""


@dataclass(frozen=True)
class Released:
    """A data export before it has a format. Its pages of rows can be walked once."""

    consultation: str
    title: str
    demonstration: bool
    profile: Profile
    meeting: str | None
    """The slug of the one meeting exported, or None for all of them."""
    ground_rules: GroundRulesEntry
    codebook: list[ThemeEntry]
    themes: list[ThemeTableEntry]
    pages: Iterable[Sequence[Row]]
    convenor: str = ""
    participation: list[MeetingParticipationEntry] = field(default_factory=list)
    questions: list[QuestionEntry] = field(default_factory=list)
    columns: tuple[str, ...] = COLUMNS
    """Those that were asked for, in the order of COLUMNS."""
    licensed: str = ""
    """The licence that the convenor stated, or nothing."""
    language: str = "en"
    """The consultation's own; its read-me is in it and in English."""
    choices: tuple[Column, ...] = ()
    """Columns of the questions with choices, in form order, behind the others; none where columns were picked."""

    @property
    def head(self) -> tuple[str, ...]:
        """The names of all columns."""
        return (*self.columns, *(column.key for column in self.choices))

    @property
    def dictionary(self) -> dict[str, str]:
        """What each column holds."""
        fixed = {name: DICTIONARY[name] for name in self.columns}
        return fixed | {column.key: column.words for column in self.choices}

    @property
    def handling(self) -> str:
        """How the file may travel."""
        return HANDLING[self.profile]

    @property
    def theme_titles(self) -> dict[str, str]:
        return {theme["code"]: theme["title"] for theme in self.codebook}

    @property
    def rows(self) -> Iterator[Row]:
        """The rows one by one."""
        return chain.from_iterable(self.pages)

    def cells(self) -> Iterator[tuple[str, ...]]:
        """The rows as text in the chosen columns."""
        return chain.from_iterable(self.pages_of_cells())

    def pages_of_cells(self, *last: str) -> Iterator[list[tuple[str, ...]]]:
        """The same in pages; `last` ends each row."""
        if self.columns == COLUMNS:
            return ([(*row[:6], " ".join(row[6]), *row[7], *last) for row in page] for page in self.pages)
        places = [COLUMNS.index(name) for name in self.columns]
        return ([(*(row.cells()[place] for place in places), *last) for row in page] for page in self.pages)

    def rates(self) -> list[dict[str, str | int | None]]:
        """Invited, answered and the response rate, for each meeting and for all; None for what is held back.

        Those who joined at a meeting by its code were not invited as such, so the rate leaves them aside.
        """
        return [
            {
                "meeting": entry["meeting"],
                "invited": entry["invited"],
                "answered": entry["answered"],
                "response_rate_percent": share.percent if share is not None else None,
                "joined_at_the_meeting": entry.get("joined", 0),
                "approved": entry["approved"],
                "supplementary_invitations": entry.get("supplementary", 0),
            }
            for entry in self.participation
            for share in (rate(entry["invited"], entry["answered"]),)
        ]

    def citation(self, speaking: Voice = ENGLISH) -> str:
        """How to cite the file: it has no date, so whoever cites it adds the day of the download."""
        who = ", ".join(part for part in (self.convenor, self.title) if part)
        return speaking.gettext(
            "%(who)s. Published view of the answers, %(profile)s profile. Add the day you downloaded it.",
            who=who,
            profile=self.profile.value,
        )

    def licence(self, speaking: Voice = ENGLISH) -> str:
        """What the convenor allows; where nothing was stated, who may allow more than quoting."""
        if self.licensed:
            return self.licensed
        return speaking.gettext(
            "The convenor has stated no licence. Views may be quoted as printed, with their attribution line. "
            "Ask %(who)s before passing on the whole file.",
            who=self.convenor or speaking.gettext("the convenor"),
        )

    def notes(self, speaking: Voice = ENGLISH) -> list[tuple[str, str]]:
        """What to know before using the file, as (what, words), in that voice."""
        say = speaking.gettext
        everywhere = say("All meetings")
        lines = [
            (say("Consultation"), self.title),
            (say("Convenor"), self.convenor),
            (say("Meeting"), self.meeting or everywhere),
            (say("Profile"), self.profile.value),
            (say("Handling"), say(self.handling)),
        ]
        if self.demonstration:
            mark = say("The answers were written for demonstration. Nobody said them.")
            lines.append((say("Demonstration"), mark))
        lines += [
            (say("Rows"), say("One row for each approved answer that may be quoted, in a shuffled order.")),
            (say("Choices"), say(CHOICES) if self.choices else ""),
            *((say("Column %(name)s", name=name), say(words)) for name, words in self.dictionary.items()),
        ]
        for entry in self.participation:
            told = rate(entry["invited"], entry["answered"])
            held_back = entry["answered"] is None
            words = (
                (say("too few to tell") if held_back else say("not told"))
                if told is None
                else say(
                    "%(rate)s (%(answered)s of %(invited)s)",
                    rate=speaking.share(told).replace(THIN, " "),
                    answered=entry["answered"],
                    invited=entry["invited"],
                )
            )
            lines.append((say("Response rate, %(meeting)s", meeting=entry["meeting"] or everywhere), words))
        return [
            *((what, words) for what, words in lines if words),
            (say("Non-response"), say(NON_RESPONSE)),
            (say("Licence"), self.licence(speaking)),
            (say("How to cite"), self.citation(speaking)),
        ]


def chosen_columns(names: Sequence[str]) -> tuple[str, ...]:
    """Those columns in their stable order; all of them for none. Raises Invalid for one that there is not."""
    unknown = [name for name in names if name not in COLUMNS]
    if unknown:
        raise Invalid(
            "There is no column “%(column)s”. Choose from: %(known)s.",
            field="columns",
            column=unknown[0],
            known=", ".join(COLUMNS),
        )
    return tuple(name for name in COLUMNS if name in names) or COLUMNS


def file_name(consultation: str, profile: Profile, meeting: str | None) -> str:
    """A file name without its ending, from slugs; one that is not for release says so."""
    kept = "-".join(part for part in (consultation, meeting or "", "answers") if part)
    return f"{kept}-not-for-release" if profile is Profile.DESK else kept
