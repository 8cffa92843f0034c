"""The ground rules in the participant's words: one sentence for each choice, and the promise that they add up to."""

from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from consult.consultations.enums import Attribution, Switch, Timing
from consult.consultations.models import Translations
from consult.web.languages import LANGUAGES
from consult.web.participate.form.uses import who_sees


def modes() -> dict[str, str]:
    """What a participant is told of each mode."""
    return {mode.value: sentence for mode, sentence in who_sees().items()}


def ceilings() -> dict[str, str]:
    """What a participant is told of each ceiling."""
    return {
        Attribution.NOT_FOR_USE.code: _("What you write is read, and neither printed nor counted."),
        Attribution.AGGREGATE_ONLY.code: _("What you write is counted among the others, and never printed."),
        Attribution.QUOTE_UNATTRIBUTED.code: _(
            "What you write may be printed as far as you allow, with nothing about you."
        ),
        Attribution.QUOTE_WITH_ROLE.code: _(
            "What you write may be printed as far as you allow, at most with a role such as “a NATO official”."
        ),
        Attribution.QUOTE_WITH_COUNTRY_GROUP.code: _(
            "What you write may be printed as far as you allow, at most with a role and a group of countries."
        ),
        Attribution.QUOTE_WITH_AFFILIATION.code: _(
            "What you write may be printed as far as you allow, at most with your organisation."
        ),
        Attribution.NAMED.code: _(
            "What you write may be printed as far as you allow, at most with your name."
        ),
    }


def switches() -> dict[str, dict[str, str]]:
    """What a participant is told of each switch, open or closed."""
    return {
        "speaker": {
            Switch.CLOSED.value: _("Who wrote an answer is not revealed."),
            Switch.OPEN.value: _("Who wrote an answer may be revealed."),
        },
        "affiliation": {
            Switch.CLOSED.value: _("Your organisation is not revealed."),
            Switch.OPEN.value: _("Your organisation may be revealed."),
        },
        "attendance": {
            Switch.CLOSED.value: _("Who was invited and who took part is not revealed; numbers are."),
            Switch.OPEN.value: _("The list of those who took part may be published."),
        },
    }


def timings() -> dict[str, str]:
    """What a participant is told of each timing."""
    return {
        Timing.NONE.value: _("When you wrote is not kept."),
        Timing.DAY.value: _("The day on which you wrote is kept."),
        Timing.MINUTE.value: _("The minute in which you wrote is kept."),
    }


def attributes() -> dict[str, str]:
    """Attributes that may be kept with an answer, by the name under which they are kept."""
    return {
        "country": _("Country"),
        "country_group": _("Group of countries"),
        "sector": _("Sector"),
        "role_label": _("Kind of role"),
        "language": _("Language"),
    }


def sentences(rules: Any) -> list[tuple[str, list[str]]]:
    """The ground rules as headings and sentences, in the reader's language. `rules` has the names of GroundRules."""
    told = switches()
    kept = [name for code, name in attributes().items() if code in rules["breakdown"]]
    about = (
        _(
            "With an answer we keep: %(facts)s; if not attributed, only where %(people)s people share them.",
            facts=", ".join(kept).lower(),
            people=rules["smallest_group"],
        )
        if kept
        else _("Of you we keep nothing with an answer.")
    )
    months = {"people": rules["people_kept_months"], "answers": rules["answers_kept_months"]}
    lasting = [
        _(
            "The list of those invited is deleted %(months)s months after closing.",
            months=months["people"],
        )
        if months["people"]
        else "",
        _(
            "Answers as they were written are deleted %(months)s months after closing.",
            months=months["answers"],
        )
        if months["answers"]
        else "",
    ]
    return [
        (_("How your words may be used"), [ceilings()[rules["ceiling"].code]]),
        (
            _("What will not be revealed, and what may"),
            [
                *(told[name][rules[name].value] for name in told),
                timings()[rules["timing"].value],
                _(
                    "Figures about fewer than %(people)s people are not published.",
                    people=rules["smallest_group"],
                ),
            ],
        ),
        (
            _("How your answer is kept"),
            [modes()[rules["mode"].value], about, *(sentence for sentence in lasting if sentence)],
        ),
        (
            _("Changing your mind"),
            [
                _(
                    "You may change or withdraw your answer until the consultation closes, or decline to answer."
                )
            ],
        ),
    ]


def composed(rules: Any, languages: list[str], own: str) -> tuple[Translations, Translations]:
    """The promise and the full ground rules that these choices add up to, in the languages that the program speaks."""
    promise, full = {}, {}
    for code in languages:
        with force_locale(code if code in LANGUAGES else "en"):
            parts = sentences(rules)
        words = " ".join([*parts[0][1], *parts[1][1][:3]])
        text = "\n\n".join(
            f"## {heading}\n\n" + "\n".join(f"- {one}" for one in said) for heading, said in parts
        )
        promise[code], full[code] = words, text
    spoken = {
        code
        for code in languages
        if code in (own, "en") or (code in LANGUAGES and promise[code] != promise[own])
    }
    return (
        {code: text for code, text in promise.items() if code in spoken},
        {code: text for code, text in full.items() if code in spoken},
    )
