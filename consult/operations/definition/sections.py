"""The sections of a definition, one function each. What one says about another is checked in `references`."""

import re
from datetime import date
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from email_validator import EmailNotValidError, validate_email

from consult.analysis.codebook.rules import checked_colour
from consult.consultations.enums import Attribution, Mode, Switch, Timing
from consult.consultations.models import BREAKDOWN, MINIMUM_GROUP
from consult.core.errors import Invalid, Said
from consult.meetings.enums import DatePrecision, LinkKind
from consult.moderation.enums import RejectReason
from consult.operations.definition.discussions import read_attendee, read_note
from consult.operations.definition.fields import LANGUAGE, Fields
from consult.operations.definition.questions import read_questions
from consult.operations.definition.shapes import (
    AskingPart,
    Definition,
    DirectorPart,
    GroundRulesPart,
    LinkPart,
    MeetingPart,
    SessionPart,
    TakeawayPart,
    ThemePart,
)

MOST_PEOPLE = 1_000_000
LONGEST_KEPT = 600
NO_GROUND_RULES = GroundRulesPart(
    Mode.CONFIDENTIAL,
    Attribution.NOT_FOR_USE,
    MINIMUM_GROUP,
    Switch.CLOSED,
    Switch.CLOSED,
    Switch.CLOSED,
    Timing.NONE,
    0,
    {},
    {},
)
"""Stands in where the section is missing, which is noted, so that the rest can be read."""

_COUNTRY = re.compile(r"[A-Z]{2}")
_WRITTEN_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def read_definition(top: Fields) -> Definition:
    """The whole file. Where faults were noted, what is returned is not to be used."""
    language = top.text("language", longest=12, default="en")
    languages = _languages(top, language)
    figures = top.table("figures")
    participants, countries = _figures(figures)
    definition = Definition(
        slug=top.slug("slug"),
        title=top.text("title", longest=300),
        strapline=top.text("strapline", longest=500, default=""),
        programme=top.text("programme", longest=200, default=""),
        convenor=top.text("convenor", longest=200, default=""),
        event=top.text("event", longest=200, default=""),
        language=language,
        languages=languages,
        help_contact=top.text("help_contact", longest=254, default=""),
        objectives=top.texts("objectives"),
        opens_at=top.instant("opens_at"),
        closes_at=top.instant("closes_at"),
        stated_participants=participants,
        stated_countries=countries,
        ground_rules=_ground_rules(top, languages, language),
        country_groups=_country_groups(top),
        second_approval=top.switch("second_approval", default=False),
        reason_labels=_reason_labels(top),
        directors=[_director(fields) for fields in top.tables("programme_directors")],
        meetings=[_meeting(fields) for fields in top.tables("meetings", required=True)],
        questions=read_questions(top.tables("questions", required=True), languages, language),
        askings=[_asking(fields) for fields in top.tables("askings", required=True)],
        takeaways=[_takeaway(fields) for fields in top.tables("takeaways")],
        themes=[_theme(fields) for fields in top.tables("themes")],
        notes=[read_note(fields, language) for fields in top.tables("notes")],
        licence=top.text("licence", longest=300, default=""),
    )
    if definition.opens_at and definition.closes_at and definition.opens_at >= definition.closes_at:
        top.note("closes_at", Said("closing must come after opening."))
    top.finish()
    return definition


def _languages(top: Fields, source: str) -> list[str]:
    languages = top.texts("languages", longest=12) or [source]
    for code in languages:
        if not LANGUAGE.fullmatch(code):
            top.note(
                "languages",
                Said("“%(code)s” is not a language code. Write codes like en, fr, pl.", code=code),
            )
    if source not in languages:
        top.note("languages", Said("add the consultation's own language, %(code)s.", code=source))
    if len(set(languages)) != len(languages):
        top.note("languages", Said("a language stands here twice."))
    return languages


def _figures(fields: Fields | None) -> tuple[int | None, int | None]:
    if fields is None:
        return None, None
    participants = fields.whole_or_none("participants", least=0, most=MOST_PEOPLE)
    countries = fields.whole_or_none("countries", least=0, most=MOST_PEOPLE)
    fields.finish()
    return participants, countries


def _ground_rules(top: Fields, languages: list[str], source: str) -> GroundRulesPart:
    fields = top.table("ground_rules", required=True)
    if fields is None:
        return NO_GROUND_RULES
    rules = GroundRulesPart(
        mode=fields.choice("mode", Mode),
        ceiling=_attribution(fields, "ceiling"),
        smallest_group=fields.whole("smallest_group", least=MINIMUM_GROUP, most=1000, default=5),
        speaker=fields.choice("speaker", Switch, default=Switch.CLOSED),
        affiliation=fields.choice("affiliation", Switch, default=Switch.CLOSED),
        attendance=fields.choice("attendance", Switch, default=Switch.CLOSED),
        timing=fields.choice("timing", Timing, default=Timing.NONE),
        grace_minutes=fields.whole("grace_minutes", least=0, most=24 * 60, default=15),
        promise=fields.translations("promise", languages=languages, source=source),
        rules_text=fields.translations("rules", languages=languages, source=source),
        breakdown=_breakdown(fields),
        people_kept_months=fields.whole_or_none("people_kept_months", least=1, most=LONGEST_KEPT),
        answers_kept_months=fields.whole_or_none("answers_kept_months", least=1, most=LONGEST_KEPT),
    )
    if rules.mode is Mode.UNLINKED and rules.timing is not Timing.NONE:
        fields.note("timing", Said("in unlinked mode no time may be stored: write “none”."))
    fields.finish()
    return rules


def _breakdown(fields: Fields) -> list[str]:
    """The attributes that may be kept with a response, in one order; absent: all of them."""
    written = fields.texts("breakdown", longest=40) if "breakdown" in fields else list(BREAKDOWN)
    for name in written:
        if name not in BREAKDOWN:
            fields.note(
                "breakdown", Said("“%(name)s” is none of: %(known)s.", name=name, known=", ".join(BREAKDOWN))
            )
    return [name for name in BREAKDOWN if name in written]


def _attribution(fields: Fields, key: str) -> Attribution:
    steps = {step.code: step for step in Attribution}
    written = fields.text(key, longest=40)
    if written and written not in steps:
        fields.note(key, Said("this must be one of: %(known)s.", known=", ".join(steps)))
    return steps.get(written, Attribution.NOT_FOR_USE)


def _reason_labels(top: Fields) -> dict[str, str]:
    """What this consultation calls the reasons of a rejection; "" takes one off the list."""
    fields = top.table("reason_labels")
    if fields is None:
        return {}
    labels = {
        reason.value: fields.text(reason.value, longest=120, default="")
        for reason in RejectReason
        if reason.value in fields
    }
    for kept in (RejectReason.NOT_FOR_USE, RejectReason.OTHER):
        if labels.get(kept.value) == "":
            fields.note(
                kept.value, Said("this reason is always needed. Give it a name, or leave it out here.")
            )
    fields.finish()
    return labels


def _country_groups(top: Fields) -> dict[str, list[str]]:
    fields = top.table("country_groups")
    if fields is None:
        return {}
    groups = fields.lists()
    placed: dict[str, str] = {}
    for name, countries in groups.items():
        if len(name) > 120:
            fields.note(name, Said("shorten this name to 120 characters."))
        for country in countries:
            if not _COUNTRY.fullmatch(country):
                fields.note(
                    name,
                    Said(
                        "“%(country)s” is not a country code. Write two capital letters, e.g. PL.",
                        country=country,
                    ),
                )
            elif country in placed:
                fields.note(
                    name,
                    Said(
                        "%(country)s is in “%(group)s” already. Leave it in one group.",
                        country=country,
                        group=placed[country],
                    ),
                )
            else:
                placed[country] = name
    return groups


def _director(fields: Fields) -> DirectorPart:
    name, email = fields.text("name", longest=200), fields.text("email", longest=254)
    if email:
        try:
            email = validate_email(email, check_deliverability=False).normalized.lower()
        except EmailNotValidError:
            fields.note("email", Said("this is not an e-mail address. Write it like name@example.org."))
    fields.finish()
    return DirectorPart(name, email)


def _meeting(fields: Fields) -> MeetingPart:
    starts_on, precision = _date(fields, "starts")
    ends_on, ending = _date(fields, "ends") if "ends" in fields else (starts_on, precision)
    if ending is not precision:
        fields.note("ends", Said("write the end as exactly as the start: as a year, a month or a day."))
    elif ends_on < starts_on:
        fields.note("ends", Said("this is before the start."))
    title = fields.text("title", longest=300)
    zone = fields.text("time_zone", longest=64, default="UTC")
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, KeyError):
        fields.note("time_zone", Said("this time zone is not known. Write one like Europe/Warsaw."))
    meeting = MeetingPart(
        slug=fields.slug("slug"),
        title=title,
        short_title=fields.text("short_title", longest=120, default="") or title[:120],
        starts_on=starts_on,
        ends_on=ends_on,
        precision=precision,
        venue=fields.text("venue", longest=200, default=""),
        time_zone=zone,
        objectives=fields.texts("objectives"),
        outcomes_heading=fields.text("outcomes_heading", longest=120, default="Outcomes"),
        outcomes=fields.texts("outcomes", longest=5000),
        links=[_link(link) for link in fields.tables("links")],
        sessions=[_session(session) for session in fields.tables("sessions")],
        attendees=[read_attendee(one) for one in fields.tables("attendees")],
    )
    fields.finish()
    return meeting


def _date(fields: Fields, key: str) -> tuple[date, DatePrecision]:
    """The first day of what is written ("2015", "2015-10" or "2015-10-12"), and how exact that is."""
    written = fields.text(key, longest=10)
    found = _WRITTEN_DATE.fullmatch(written)
    try:
        if found is None:
            raise ValueError
        year, month, day = found.groups()
        first = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        if written:
            fields.note(key, Said("write a date that exists, as “2015”, “2015-10” or “2015-10-12”."))
        return date.min, DatePrecision.DAY
    return first, DatePrecision.DAY if day else DatePrecision.MONTH if month else DatePrecision.YEAR


def _link(fields: Fields) -> LinkPart:
    kind = fields.choice("kind", LinkKind)
    later = fields.switch("to_be_published", default=False)
    url = fields.text("url", longest=1000, default="") or None
    if later and url:
        fields.note("url", Said("leave the address out while this is still to be published."))
    elif not later and not url:
        fields.note("url", Said("add the address, or write to_be_published = true."))
    if url:
        try:
            parts = urlsplit(url)
            whole = parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in url
        except ValueError:
            whole = False
        if not whole:
            fields.note("url", Said("write a whole address that begins with https:// or http://."))
    link = LinkPart(kind, fields.text("title", longest=300), url, later)
    fields.finish()
    return link


def _session(fields: Fields) -> SessionPart:
    session = SessionPart(fields.text("title", longest=300), fields.text("chair", longest=200, default=""))
    fields.finish()
    return session


def _asking(fields: Fields) -> AskingPart:
    asking = AskingPart(
        fields.text("question", longest=80),
        fields.text("meeting", longest=80),
        fields.whole("wording", least=1, most=10_000, default=1),
        fields.text("session", longest=300, default=""),
    )
    fields.finish()
    return asking


def _takeaway(fields: Fields) -> TakeawayPart:
    takeaway = TakeawayPart(fields.text("text", longest=5000), fields.texts("themes", longest=80))
    fields.finish()
    return takeaway


def _theme(fields: Fields) -> ThemePart:
    theme = ThemePart(
        code=fields.slug("code"),
        title=fields.text("title", longest=200),
        description=fields.text("description", longest=2000, default=""),
        parent=fields.text("parent", longest=80, default="") or None,
        drawn_from=fields.text("drawn_from", longest=300, default=""),
        includes=fields.text("includes", longest=2000) if "includes" in fields else None,
        excludes=fields.text("excludes", longest=2000) if "excludes" in fields else None,
        examples=tuple(fields.texts("examples", longest=500)) if "examples" in fields else None,
        colour=_colour(fields) if "colour" in fields else None,
    )
    fields.finish()
    return theme


def _colour(fields: Fields) -> str:
    try:
        return checked_colour(fields.text("colour", longest=7))
    except Invalid:
        fields.note("colour", Said("no colour. Write it as #0f6e6e, or leave it out."))
        return ""
