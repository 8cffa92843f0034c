"""The gate: the only way from answers to figures and rows that leave the desk.

Reports, exports and public pages import this of `analysis` and nothing else. What comes out is frozen and plain; what
goes in, a RawTally, cannot be shown. Thresholds are simple: a base of ten for themes, k for attributes of persons, and
nothing that a subtraction would give away.
"""

from collections.abc import Sequence

from consult.analysis.disclosure.choices import ReleasedChoice, choice_columns, release_choices
from consult.analysis.disclosure.figures import Share, Withheld
from consult.analysis.disclosure.moderation import ReleasedModeration, release_moderation
from consult.analysis.disclosure.participation import (
    MeetingParticipation,
    ReleasedParticipation,
    release_participation,
)
from consult.analysis.disclosure.published import Publication, keep_published, publication_now
from consult.analysis.disclosure.rows import COLUMNS, Profile, ReleasedRow, release_rows, sourced_rows
from consult.analysis.disclosure.scales import QuantifierEntry, QuantifierRange
from consult.analysis.disclosure.themes import (
    Difference,
    ReleasedTheme,
    ReleasedThemes,
    ThemeTable,
    release_themes,
)
from consult.analysis.disclosure.told.register import last_entered
from consult.analysis.rules import Rounded, rounded

__all__: Sequence[str] = [
    "COLUMNS",
    "Difference",
    "MeetingParticipation",
    "Profile",
    "Publication",
    "QuantifierEntry",
    "QuantifierRange",
    "ReleasedChoice",
    "ReleasedModeration",
    "ReleasedParticipation",
    "ReleasedRow",
    "ReleasedTheme",
    "ReleasedThemes",
    "Rounded",
    "Share",
    "ThemeTable",
    "Withheld",
    "choice_columns",
    "keep_published",
    "last_entered",
    "publication_now",
    "release_choices",
    "release_moderation",
    "release_participation",
    "release_rows",
    "release_themes",
    "rounded",
    "sourced_rows",
]
