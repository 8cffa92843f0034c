"""What came of a bulk decision, carried in the address of the list it leads back to, and said there."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import ngettext

from consult.moderation.actions import Decided
from consult.moderation.enums import Verdict

FIELDS = ("bulk", "done_count", "stale_count", "refused_count")


@dataclass(frozen=True)
class Outcome:
    """Sentences: what was done, and what was left and why."""

    done: str
    left: list[str]


def carried(verdict: Verdict, decided: Decided) -> dict[str, str]:
    """For an address."""
    counts = (len(decided.done), decided.stale, decided.refused)
    return dict(zip(FIELDS, (verdict.value, *map(str, counts)), strict=True))


def outcome(given: Mapping[str, str]) -> Outcome | None:
    """From an address, where it carries one."""
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
    return Outcome(_sentence(Verdict(verdict), done), left)


def _sentence(verdict: Verdict, done: int) -> str:
    if verdict is Verdict.APPROVE:
        return str(ngettext("%(num)s answer approved.", "%(num)s answers approved.", done))
    if verdict is Verdict.REJECT:
        return str(ngettext("%(num)s answer rejected.", "%(num)s answers rejected.", done))
    return str(ngettext("%(num)s decision reversed.", "%(num)s decisions reversed.", done))
