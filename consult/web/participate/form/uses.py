"""How an answer may be used, in the words of the ground rules, and how it would be printed."""

from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType

from babel import Locale
from flask_babel import get_locale
from flask_babel import gettext as _

from consult.consultations.enums import Attribution, Mode
from consult.consultations.models import Consultation, GroundRules
from consult.core.errors import Invalid
from consult.meetings.models import Meeting
from consult.moderation.phrases import attribution_line
from consult.participants.models import Participant
from consult.responses.queries import kept_about
from consult.responses.rules import waivable
from consult.web.guards import Invited

_SHORTEST_NAME = 3


def labels() -> Mapping[Attribution, str]:
    """What each step is called."""
    return _labels(str(get_locale()))


@cache
def _labels(_language: str) -> Mapping[Attribution, str]:
    """The same, worked out once for the language that is spoken now."""
    names = {
        Attribution.NOT_FOR_USE: _("Not for use"),
        Attribution.AGGREGATE_ONLY: _("Aggregate only"),
        Attribution.QUOTE_UNATTRIBUTED: _("Quote, unattributed"),
        Attribution.QUOTE_WITH_ROLE: _("Quote, with a role"),
        Attribution.QUOTE_WITH_COUNTRY_GROUP: _("Quote, with a group of countries"),
        Attribution.QUOTE_WITH_AFFILIATION: _("Quote, with the affiliation"),
        Attribution.NAMED: _("Quote, named"),
    }
    return MappingProxyType(names)


def meanings() -> Mapping[str, str]:
    """What each step allows, by its code."""
    return _meanings(str(get_locale()))


@cache
def _meanings(_language: str) -> Mapping[str, str]:
    words = {
        Attribution.NOT_FOR_USE: _("Nobody prints or counts it."),
        Attribution.AGGREGATE_ONLY: _("It is counted among the others, and its words are not printed."),
        Attribution.QUOTE_UNATTRIBUTED: _(
            "Its words may be printed, with nothing about the person who wrote them."
        ),
        Attribution.QUOTE_WITH_ROLE: _("Its words may be printed with a role, such as “a NATO official”."),
        Attribution.QUOTE_WITH_COUNTRY_GROUP: _(
            "Its words may be printed with a role and a group of countries."
        ),
        Attribution.QUOTE_WITH_AFFILIATION: _("Its words may be printed with your organisation."),
        Attribution.NAMED: _("Its words may be printed with your name."),
    }
    return MappingProxyType({step.code: sentence for step, sentence in words.items()})


def who_sees() -> dict[Mode, str]:
    """Who sees which answer is the reader's, by the mode: beside every promise, whatever the convenor wrote there."""
    return {
        Mode.ATTRIBUTED: _("The programme directors see which answer is yours."),
        Mode.CONFIDENTIAL: _(
            "Nobody who reads the answers sees which is yours. Only two programme directors together can look that up, "
            "each with a reason, and you are told."
        ),
        Mode.UNLINKED: _("No link between you and your answer is kept."),
    }


def offered(ceiling: Attribution, beyond: Sequence[Attribution] = ()) -> list[tuple[str, str]]:
    """(code, label) of every step up to the ceiling, the furthest first; then those that take a waiver."""
    within = [(step.code, label) for step, label in sorted(labels().items(), reverse=True) if step <= ceiling]
    return within + [
        (step.code, _("%(use)s: beyond the ground rules", use=labels()[step])) for step in beyond
    ]


def chosen(
    code: str | None, ceiling: Attribution, beyond: Sequence[Attribution] = (), *, waived: bool = False
) -> Attribution:
    """The step with that code. Raises Invalid for none, for another word, and above the ceiling without a waiver."""
    if code not in {step.code for step in Attribution if step <= ceiling or step in beyond}:
        raise Invalid("Choose how we may use this.", field="use")
    step = Attribution.from_code(str(code))
    if step > ceiling and not waived:
        raise Invalid(
            "The ground rules stop before this use. Tick the box below to go beyond them, or choose another use.",
            field="waiver",
        )
    return step


def ways(ceiling: Attribution) -> dict[str, str]:
    """What the preview does for each step: quote, count, or none."""
    kinds = {Attribution.NOT_FOR_USE: "none", Attribution.AGGREGATE_ONLY: "count"}
    return {step.code: kinds.get(step, "quote") for step in Attribution if step <= ceiling}


def furthest(rules: GroundRules) -> Attribution:
    """The furthest step that may be chosen, with a waiver or without."""
    return max(rules.ceiling, *waivable(rules)) if waivable(rules) else rules.ceiling


def lines(guest: Invited) -> dict[str, str]:
    """The line that would stand under the words at each step that quotes, from what would be stored and no more."""
    about = kept_about(guest.session, guest.invitation, guest.consultation, guest.rules, guest.marks)
    return printed_lines(
        guest.consultation,
        guest.meeting,
        furthest(guest.rules),
        role_label=about.role_label,
        country_group=about.country_group,
    )


def printed_lines(
    consultation: Consultation,
    meeting: Meeting,
    ceiling: Attribution,
    *,
    role_label: str = "",
    country_group: str = "",
) -> dict[str, str]:
    """The same from what is stored with a response."""
    return {
        step.code: attribution_line(
            consultation.language,
            step,
            meeting.starts_on,
            meeting.precision,
            role_label=role_label,
            country_group=country_group,
        )
        for step in Attribution
        if Attribution.QUOTE_UNATTRIBUTED <= step <= ceiling
    }


def giveaways(person: Participant) -> list[str]:
    """The person's own name, organisation, role and country: the form warns when the text holds one."""
    locale = get_locale() or Locale("en")
    countries = {
        Locale.parse(language).territories.get(person.country, "") for language in ("en", str(locale))
    }
    own = [person.name, person.organisation, person.role, *sorted(countries)]
    return [name for name in own if len(name) >= _SHORTEST_NAME]
