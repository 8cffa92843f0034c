"""The time zones a meeting can be held in, by their cities: those often chosen first, then the world's."""

from collections.abc import Iterable
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired, StopValidation

from consult.core.text import fold
from consult.web.fields import SelectChoice

KNOWN = frozenset(available_timezones())
"""Every name that a definition may write, older ones included."""
OFTEN = (
    "Europe/Brussels",
    "Europe/London",
    "Europe/Paris",
    "Europe/Berlin",
    "Europe/Warsaw",
    "Europe/Vilnius",
    "Europe/Kyiv",
    "America/New_York",
    "UTC",
)
_CONTINENTS = {
    "Africa": "002",
    "America": "019",
    "Antarctica": "AQ",
    "Arctic": "150",
    "Asia": "142",
    "Australia": "009",
    "Europe": "150",
    "Pacific": "009",
}
"""The first part of a zone's name → the region that the CLDR has words for."""
_OCEANS = {"Atlantic": _l("Atlantic Ocean"), "Indian": _l("Indian Ocean")}


class KnownZone:
    """A time zone as the world's list names it."""

    def __call__(self, form: object, field: Any) -> None:
        if field.data not in KNOWN:
            raise StopValidation(str(_("This time zone is not known. Choose one of the list.")))


class ZoneField(SelectField):
    """A time zone, picked from a list. What is not in it is asked for again, never taken for the first."""

    def __init__(self, label: Any, **of_form: Any) -> None:
        asked = [InputRequired(_l("Choose the time zone.")), KnownZone()]
        super().__init__(label, asked, validate_choice=False, **of_form)

    def offer(self, used: Iterable[str] = ()) -> None:
        """Put together what can be picked: `used` are zones of the consultation's other meetings."""
        own = [self.data] if self.data in KNOWN else []
        first = [zone for zone in dict.fromkeys([*own, *used, *OFTEN]) if zone in KNOWN]
        blank = [] if own else [("", [SelectChoice("", _("Choose a time zone"))])]
        world = _world(str(get_locale() or "en"))
        oceans = {str(words): world[name] for name, words in _OCEANS.items()}
        lands = {name: zones for name, zones in world.items() if name not in _OCEANS}
        places = [*sorted(lands.items(), key=lambda item: fold(item[0])), *oceans.items()]
        groups = [(_("Often chosen"), [(zone, _place(zone)) for zone in first]), *places]
        self.choices = dict(blank) | {
            name: [SelectChoice(zone, words) for zone, words in zones] for name, zones in groups
        }


def _place(zone: str) -> str:
    return _named(zone, str(get_locale() or "en"))


@cache
def _named(zone: str, language: str) -> str:
    """As "Warsaw – Poland"; a zone that is no place by its own name."""
    locale = Locale.parse(language)
    country = locale.territories.get(get_global("zone_territories").get(zone, ""))
    if country is None or "/" not in zone:
        return zone.rpartition("/")[2].replace("_", " ")
    city = get_timezone_location(zone, locale=locale, return_city=True)
    return city if city == country else f"{city} – {country}"


@cache
def _world(language: str) -> dict[str, list[tuple[str, str]]]:
    """Continent → (zone, place) by name. An older name of a zone stands under the newer alone."""
    locale = Locale.parse(language)
    current = [zone for zone in get_global("zone_territories") if zone in KNOWN]
    found: dict[str, list[tuple[str, str]]] = {}
    for zone in current:
        part = zone.partition("/")[0]
        region = _CONTINENTS.get(part)
        if "/" in zone and (region or part in _OCEANS):
            name = str(locale.territories[region]) if region else part
            found.setdefault(name, []).append((zone, _named(zone, language)))
    return {name: sorted(zones, key=lambda one: fold(one[1])) for name, zones in found.items()}
