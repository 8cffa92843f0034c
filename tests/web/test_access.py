"""Every route by every role: what each is answered, and that a refusal changes nothing."""

import pytest

from consult.core.database import Database
from consult.web.transactions import TransactionalFlask
from tests.web.acts import ACTS
from tests.web.matrix import MATRIX, ROLES, answered_as, browser_of, is_refusal, routes
from tests.web.scenes import Scene, fingerprint, token_for


def test_the_matrix_knows_every_route_and_no_other(app: TransactionalFlask) -> None:
    there = {(method, str(rule)) for method, rule in routes(app)}
    assert there - set(MATRIX) == set(), "routes without a row"
    assert set(MATRIX) - there == set(), "rows without a route"
    for row, expected in MATRIX.items():
        assert set(expected) == set(ROLES), row


@pytest.mark.parametrize("role", ROLES)
def test_each_role_is_answered_as_the_matrix_says_and_nothing_changes(
    app: TransactionalFlask, database: Database, scene: Scene, role: str
) -> None:
    """Pages shown, and posts without a form token: none of them may change a row."""
    before, wrong = fingerprint(database), []
    for (method, rule), expected in MATRIX.items():
        response = browser_of(app, scene, role).ask(method, rule)
        if not answered_as(response, expected[role]):
            wrong.append(
                f"{method} {rule}: {response.status} {response.location or ''}, not {expected[role]}"
            )
    assert wrong == []
    assert fingerprint(database) == before, _what_changes(app, database, scene, role)


def _what_changes(app: TransactionalFlask, database: Database, scene: Scene, role: str) -> list[str]:
    """Asked only when something did: a look at every table after each request takes longer than the requests."""
    found, before = [], fingerprint(database)
    for method, rule in MATRIX:
        browser_of(app, scene, role).ask(method, rule)
        after = fingerprint(database)
        if after != before:
            found.append(f"{method} {rule}")
        before = after
    return found


def test_a_refused_act_changes_nothing_even_with_a_good_token_and_good_values(
    app: TransactionalFlask, database: Database, scene: Scene
) -> None:
    before = fingerprint(database)
    wrong = [line for rule in ACTS for line in _not_refused(app, scene, rule)]
    assert wrong == []
    assert fingerprint(database) == before, _refused_and_done(app, database, scene)


def _not_refused(app: TransactionalFlask, scene: Scene, rule: str) -> list[str]:
    """Ask for the act as each role that may not; which of them were answered otherwise than the matrix says."""
    wrong = []
    for role, expected in MATRIX["POST", rule].items():
        if not is_refusal(expected):
            continue
        browser = browser_of(app, scene, role)
        token = token_for(browser.client, app)
        values = ACTS[rule].values(scene, browser)
        response = browser.ask("POST", rule, data={"csrf_token": token, **values})
        if not answered_as(response, expected):
            wrong.append(f"{rule} as {role}: {response.status} {response.location or ''}")
    return wrong


def _refused_and_done(app: TransactionalFlask, database: Database, scene: Scene) -> list[str]:
    """Asked only when something did, as above."""
    found, before = [], fingerprint(database)
    for rule in ACTS:
        _not_refused(app, scene, rule)
        after = fingerprint(database)
        if after != before:
            found.append(rule)
        before = after
    return found


def test_the_same_acts_work_for_whoever_may(
    app: TransactionalFlask, database: Database, scene: Scene
) -> None:
    """The control: with these values and this token the act is done."""
    before = fingerprint(database)
    for rule, act in ACTS.items():
        browser = browser_of(app, scene, act.role)
        if "<int:number>/publish" in rule:
            browser.values["number"] = scene.frozen.number
        token = token_for(browser.client, app)
        response = browser.ask("POST", rule, data={"csrf_token": token, **act.values(scene, browser)})
        assert response.status_code == (act.answered if act.changes else 200), f"{rule}: {response.status}"
        after = fingerprint(database)
        assert (after != before) is act.changes, rule
        before = after


def test_looking_never_writes_however_often(
    app: TransactionalFlask, database: Database, scene: Scene
) -> None:
    """Mail scanners and previews follow a link again and again, with GET and with HEAD."""
    before = fingerprint(database)
    for role in ("anonymous", "participant", "director_in"):
        browser = browser_of(app, scene, role)
        for (method, rule), expected in MATRIX.items():
            if method == "GET" and expected[role] == 200:
                for _ in range(20 if rule == "/i/<secret>" else 1):
                    browser.ask("GET", rule)
                    assert browser.ask("HEAD", rule).get_data() == b""
    assert fingerprint(database) == before


def test_posts_are_the_only_way_to_act(app: TransactionalFlask, database: Database, scene: Scene) -> None:
    """Other methods are refused, on every address, for those who may do everything."""
    before = fingerprint(database)
    director = browser_of(app, scene, "director_in")
    for rule in dict.fromkeys(rule for _method, rule in MATRIX):
        for method in ("PUT", "DELETE", "PATCH"):
            assert director.ask(method, rule).status_code == 405
    assert fingerprint(database) == before
