"""The director of one consultation with the identifiers of another: in addresses, in fields, in files asked for."""

import re
from collections import Counter

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.core.database import Base, Database
from consult.settings import Settings
from consult.web.transactions import TransactionalFlask
from tests.factories import World
from tests.web.acts import ACTS
from tests.web.forms_tried import FORMS
from tests.web.matrix import MATRIX, Browser, browser_of
from tests.web.scenes import Canary, make_scene, token_for
from tests.web.test_canaries import content_of, found_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PART = re.compile(r"<(?:int:)?(\w+)>")
ONES_OWN = frozenset({"slug", "kind", "language", "act", "code", "number", "meeting", "question"})
"""Parts of addresses that are no identifiers: they name something of whichever consultation is asked."""
WITH_IDENTIFIERS = frozenset(
    {"/desk/<slug>/queue/selection", "/desk/<slug>/queue/selection/decide", "/desk/<slug>/exports"}
)
"""Forms that name answers or meetings in their fields."""
REFUSED = {200, 303, 404, 409, 422}
IDENTIFIER = re.compile(r"\b[a-z2-7]{26}\b")
OWN = {Canary.ELSEWHERE}
NEITHERS = {"change_mark", "audit_head", "throttle", "user_account", "outbox"}
"""Tables whose rows move with what is done anywhere."""
Rows = dict[str, Counter[str]]


def rows_of(database: Database) -> Rows:
    with database.reading() as session:
        return {
            table.name: Counter(repr(tuple(row)) for row in session.execute(select(table)))
            for table in Base.metadata.sorted_tables
            if table.name not in NEITHERS
        }


def identifiers_of(database: Database, world: World) -> set[str]:
    """Every identifier that stands in a row of the first consultation and in none of the other."""
    ours: set[str] = set()
    theirs: set[str] = set()
    for rows in rows_of(database).values():
        for row in rows:
            found = set(IDENTIFIER.findall(row))
            (theirs if world.elsewhere.id in found else ours).update(found)
    return ours - theirs


def asked_of(world: World, browser: Browser) -> Browser:
    """The same addresses under the other consultation, and the first one's identifiers in them."""
    browser.values["slug"] = world.elsewhere.slug
    return browser


def test_identifiers_of_another_consultation_open_and_change_nothing(
    app: TransactionalFlask, database: Database, session: Session, world: World, settings: Settings
) -> None:
    scene = make_scene(session, world, settings)
    session.commit()
    ours = identifiers_of(database, world)
    before = rows_of(database)
    browser, wrong = asked_of(world, browser_of(app, scene, "director_out")), []
    good = {form.rule: form.good for form in FORMS}
    for method, rule in MATRIX:
        named = set(PART.findall(rule)) - ONES_OWN
        if "/<slug>" not in rule or not (named or rule in WITH_IDENTIFIERS):
            continue
        values = ACTS[rule].values(scene, browser) if rule in ACTS else good.get(rule, {})
        sent = {"csrf_token": token_for(browser.client, app), **values} if method == "POST" else {}
        response = browser.ask(method, rule, data=sent)
        leaks = found_in(content_of(response), scene) - OWN
        if leaks or response.status_code not in REFUSED:
            wrong.append(f"{method} {rule}: {response.status_code} {sorted(leaks)}")
    after = rows_of(database)
    for name in before:
        gone, new = before[name] - after[name], after[name] - before[name]
        wrong += [f"{name} is changed: {row}" for row in gone if set(IDENTIFIER.findall(row)) & ours]
        wrong += [f"{name} is joined to: {row}" for row in new if set(IDENTIFIER.findall(row)) & ours]
    assert wrong == []
