"""What every page knows: the site, the reader's language, the form token, how dates and numbers are written."""

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.units import format_unit
from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel, get_locale, get_translations
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from jinja2 import FileSystemLoader
from markupsafe import Markup

from consult.accounts.enums import Role
from consult.accounts.models import User
from consult.core.markdown import demoted
from consult.exports.editions.chart import fill_on_pages
from consult.meetings.enums import DatePrecision
from consult.settings import Settings, folder
from consult.web.guards import Scope, is_signed_in, signed_in_user
from consult.web.languages import LANGUAGES, choose, direction, offered, read_language
from consult.web.session_cookie import LANGUAGE

THIN_SPACE = "\u2009"
_CATALOGUES: dict[Locale | None, Any] = {}


def init_pages(app: Flask, settings: Settings) -> None:
    """Give templates their loader, filters and shared values."""
    app.jinja_loader = FileSystemLoader(folder("templates"))
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Babel(app, locale_selector=reader_language, default_domain="messages")
    app.jinja_env.install_gettext_callables(_said, _said_of, newstyle=True)  # type: ignore[attr-defined]
    app.before_request(choose)
    app.jinja_env.globals["url_for"] = _addresses(app)
    app.jinja_env.filters.update(
        thousands=thousands,
        month=meeting_dates,
        instant=instant,
        file_size=file_size,
        grouped=grouped,
        own_words=demoted,
        chart_fill=fill_on_pages,
        direction=direction,
    )

    @app.context_processor
    def shared() -> dict[str, Any]:
        return {
            "site": SimpleNamespace(name=settings.site_name, convenor=settings.convenor),
            "current_language": str(get_locale() or "en"),
            "host": g.get("convenor") or settings.convenor or settings.site_name,
            "read_language": read_language(),
            "languages": offered(),
            "csrf_field": csrf_field,
            "development": settings.development,
        }

    @app.context_processor
    def staff() -> dict[str, Any]:
        if "_login_user" not in g or not is_signed_in():
            return {"signed_in": None}
        user = signed_in_user()
        facts = {"name": user.name, "single_keys": user.single_keys}
        return {"signed_in": SimpleNamespace(role_label=role_label(user, g.get("scope")), **facts)}


def _addresses(app: Flask) -> Callable[..., str]:
    """Flask's `url_for` for templates, which remembers the addresses that are the same for everybody."""

    @lru_cache(maxsize=1024)
    def plain(endpoint: str, filename: str | None, _root: str) -> str:
        return app.url_for(endpoint) if filename is None else app.url_for(endpoint, filename=filename)

    def address(endpoint: str, filename: str | None = None, **values: Any) -> str:
        if not values and has_request_context() and not endpoint.startswith("."):
            return plain(endpoint, filename, request.script_root)
        return app.url_for(endpoint, **(values if filename is None else {**values, "filename": filename}))

    return address


def _said(sentence: str) -> str:
    return str(_catalogue().ugettext(sentence))


def _said_of(singular: str, plural: str, number: int) -> str:
    return str(_catalogue().ungettext(singular, plural, number))


def _catalogue() -> Any:
    """The catalogue of the language that is spoken now, found without much ado: a page asks a hundred times."""
    locale = get_locale()
    found = _CATALOGUES.get(locale)
    if found is None:
        found = _CATALOGUES[locale] = get_translations()
    return found


def csrf_field() -> Markup:
    """The hidden field of a form that is a mere button."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def role_label(user: User, scope: Scope | None) -> str:
    """What this person is in the consultation at hand, in the reader's words."""
    names = {
        Role.PROGRAMME_DIRECTOR: _("Programme director"),
        Role.RAPPORTEUR: _("Rapporteur"),
        Role.OBSERVER: _("Observer"),
    }
    held = {m.role for m in user.memberships if scope and m.consultation_id == scope.consultation.id}
    for role, name in names.items():
        if role in held:
            return str(name)
    return str(_("Administrator") if user.is_administrator else _("Staff"))


def reader_language() -> str:
    """The language the reader chose, else the best of what the browser asks for."""
    chosen = session.get(LANGUAGE)
    return chosen if chosen in LANGUAGES else request.accept_languages.best_match(LANGUAGES) or "en"


def thousands(number: int) -> str:
    """1234567 → "1 234 567" with thin spaces."""
    return f"{number:,}".replace(",", THIN_SPACE)


def grouped(code: str) -> str:
    """A receipt code in groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def meeting_dates(starts_on: date | str, precision: str = "month", ends_on: date | str | None = None) -> str:
    """A meeting's date as exactly as it is known: "October 2015"."""
    first = date.fromisoformat(starts_on) if isinstance(starts_on, str) else starts_on
    last = date.fromisoformat(ends_on) if isinstance(ends_on, str) else ends_on or first
    pattern = {DatePrecision.YEAR: "y", DatePrecision.MONTH: "LLLL y", DatePrecision.DAY: "d MMMM y"}[
        DatePrecision(precision)
    ]
    locale = get_locale() or "en"
    begin, end = (format_date(day, pattern, locale=locale) for day in (first, last))
    return begin if begin == end else f"{begin} – {end}"


def file_size(number_of_bytes: int) -> str:
    """As the reader's language writes it: "98.2 kB", "98,2 ko"."""
    kilobytes = number_of_bytes / 1000
    number, unit = (kilobytes, "kilobyte") if kilobytes < 1000 else (kilobytes / 1000, "megabyte")
    written = format_unit(number, f"digital-{unit}", "short", format="#,##0.0", locale=get_locale() or "en")
    return written.replace(" ", "\u00a0")


def instant(at: datetime, zone: str = "UTC") -> str:
    """An instant in a meeting's zone: "14 May 2016, 17:00 (Warsaw)"."""
    city = zone.rpartition("/")[2].replace("_", " ")
    return f"{format_datetime(at, 'd MMMM y, HH:mm', tzinfo=ZoneInfo(zone), locale=get_locale() or 'en')} ({city})"
