"""Groups of countries, under which small numbers are brought together."""

import re

from babel import Locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from consult.web.desk.setup.forms import Form, LongTextField, at_most

TERRITORIES = frozenset(code for code in Locale("en").territories if re.fullmatch(r"[A-Z]{2}", str(code)))


class GroupsForm(Form):
    """Groups, one a line: name, colon, country codes."""

    groups = LongTextField(_l("Groups of countries"), [at_most(20_000)])


def as_lines(groups: dict[str, list[str]]) -> str:
    """Groups as the form shows them."""
    return "\n".join(f"{name}: {', '.join(countries)}" for name, countries in groups.items())


def read_groups(text: str) -> tuple[dict[str, list[str]], str | None]:
    """The groups, or the first thing wrong with them."""
    groups: dict[str, list[str]] = {}
    placed: dict[str, str] = {}
    for line in (line.strip() for line in text.split("\n")):
        if not line:
            continue
        name, colon, listed = (part.strip() for part in line.rpartition(":"))
        if not colon or not name or len(name) > 120 or name in groups:
            return {}, _(
                "“%(line)s”: write each group once, as a name, a colon and country codes.", line=line[:60]
            )
        groups[name] = []
        for code in listed.replace(",", " ").upper().split():
            if code not in TERRITORIES:
                return {}, _("“%(code)s” is not a country code. Write two letters, e.g. PL.", code=code[:20])
            if code in placed:
                return {}, _(
                    "%(code)s is in “%(group)s” already. Leave it in one group.",
                    code=code,
                    group=placed[code],
                )
            placed[code] = name
            groups[name].append(code)
        if not groups[name]:
            return {}, _(
                "“%(line)s”: write each group once, as a name, a colon and country codes.", line=line[:60]
            )
    return groups, None
