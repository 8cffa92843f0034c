"""Every route by every role: what each is answered, and that a refusal changes nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from consult.core.database import Database
from consult.core.sealing import Seal
from consult.operations.mailing.first_password import token_for as token_for_password
from consult.settings import Settings
from consult.web.transactions import TransactionalFlask
from tests.factories import LINK_KEY, World
from tests.pages import PageClient
from tests.web import coding_rows
from tests.web.scenes import PlainClient, Scene, fingerprint, make_scene, token_for
from tests.web.setup_pages import SETUP_PAGES

Expected = int | str
"""A status, or where a 303 leads: "sign-in" or "join"."""

ROLES = (
    "anonymous", "participant", "other_participant", "observer", "rapporteur_in", "rapporteur_out", "director_in",
    "director_out", "administrator",
)  # fmt: skip
OUTSIDE = ("anonymous", "participant", "other_participant")
DIRECTING = ("director_in", "director_out", "administrator")


def everybody(status: Expected, **others: Expected) -> dict[str, Expected]:
    """The same for every role, but for those named."""
    return dict.fromkeys(ROLES, status) | others


def staff(
    director: Expected, rapporteur: Expected = 403, observer: Expected = 403, **others: Expected
) -> dict[str, Expected]:
    """A page of the desk: strangers to the consultation find nothing there, the signed-out sign in."""
    return {
        **dict.fromkeys(OUTSIDE, "sign-in"),
        "director_in": director,
        "rapporteur_in": rapporteur,
        "rapporteur_out": rapporteur,
        "observer": observer,
        "director_out": 404,
        "administrator": 404,
        **others,
    }


def preparers(status: Expected) -> dict[str, Expected]:
    """A page of the set-up: directors, and administrators, who need no role in the consultation."""
    return staff(status, administrator=status)


def creators(status: Expected) -> dict[str, Expected]:
    """Starting a consultation: administrators, and directors of any."""
    return everybody(403, **dict.fromkeys(OUTSIDE, "sign-in"), **dict.fromkeys(DIRECTING, status))


def moderators(status: Expected, **others: Expected) -> dict[str, Expected]:
    """About one answer: a rapporteur of another meeting finds none."""
    return staff(status, status, rapporteur_out=404, **others)


def guests(status: Expected, **others: Expected) -> dict[str, Expected]:
    """Only browsers that opened an invitation."""
    return everybody("join", participant=status, other_participant=status) | others


MATRIX: dict[tuple[str, str], dict[str, Expected]] = {
    ("GET", "/"): everybody(200),
    ("GET", "/healthz"): everybody(200),
    ("GET", "/readyz"): everybody(200),
    ("GET", "/metrics"): everybody(200),
    ("GET", "/c/<slug>"): everybody(200),
    ("GET", "/c/<slug>/report"): everybody(200),
    ("GET", "/c/<slug>/report/<int:number>"): everybody(200),
    ("GET", "/i/<secret>"): everybody(200),
    ("POST", "/i/<secret>"): everybody(422),
    ("GET", "/stop/<token>"): everybody(200),
    ("POST", "/stop/<token>"): everybody(422),
    ("GET", "/stopped"): everybody(200),
    ("GET", "/join"): everybody(200),
    ("POST", "/join"): everybody(422),
    ("GET", "/joined"): everybody("join"),
    ("POST", "/joined"): everybody(422),
    ("GET", "/receipt"): everybody(200),
    ("POST", "/receipt"): everybody(422),
    ("GET", "/respond/"): guests(200),
    ("POST", "/respond/"): guests(422),
    ("GET", "/respond/rules"): guests(200),
    ("POST", "/respond/decline"): guests("/respond/"),
    ("GET", "/respond/declined"): guests("/respond/"),
    ("GET", "/respond/receipt"): guests("/respond/"),
    ("GET", "/respond/change"): guests("/respond/"),
    ("POST", "/respond/change"): guests("/respond/"),
    ("GET", "/respond/withdraw"): guests("/respond/"),
    ("POST", "/respond/withdraw"): guests("/respond/withdrawn"),
    ("GET", "/respond/withdrawn"): guests("/respond/"),
    ("GET", "/exchange"): everybody("join"),
    ("POST", "/exchange"): everybody(422),
    ("GET", "/receipt/<act>"): everybody("/receipt"),
    ("POST", "/receipt/form"): everybody(422),
    ("POST", "/receipt/change"): everybody(422),
    ("POST", "/receipt/sure"): everybody(422),
    ("POST", "/receipt/withdraw"): everybody(422),
    ("POST", "/receipt/answer"): everybody(422),
    ("GET", "/sign-in"): everybody(200),
    ("POST", "/sign-in"): everybody(422),
    ("POST", "/sign-out"): everybody("sign-in"),
    ("GET", "/admin/"): everybody(404, **dict.fromkeys(OUTSIDE, "sign-in"), administrator=200),
    ("GET", "/desk/"): everybody(200, **dict.fromkeys(OUTSIDE, "sign-in")),
    ("GET", "/desk/<slug>"): staff(200, 200, 200),
    ("GET", "/desk/<slug>/queue"): staff(200, 200),
    ("GET", "/desk/<slug>/queue/<answer_id>"): moderators(200),
    ("POST", "/desk/<slug>/queue/<answer_id>/decide"): moderators(409),
    ("POST", "/desk/<slug>/queue/<answer_id>/notes"): moderators(422),
    ("POST", "/desk/<slug>/queue/<answer_id>/presence"): moderators(422),
    ("POST", "/desk/<slug>/queue/selection"): staff(422, 422),
    ("POST", "/desk/<slug>/queue/selection/decide"): staff(422, 422),
    ("POST", "/desk/<slug>/queue/views"): staff(422, 422),
    ("POST", "/desk/<slug>/queue/views/<view_id>/remove"): staff(422, 422),
    ("POST", "/desk/keys"): everybody(422, **dict.fromkeys(OUTSIDE, "sign-in")),
    ("GET", "/desk/<slug>/log"): staff(200, 200),
    ("POST", "/desk/<slug>/log/download"): staff(422, 422),
    ("GET", "/desk/new"): creators(200),
    ("POST", "/desk/new"): creators(422),
    ("POST", "/desk/new/file"): creators(422),
    **{(method, rule): preparers(status) for method, rule, status in SETUP_PAGES},
    ("GET", "/preview/<sign_off>"): everybody(200),
    ("GET", "/c/<slug>/documents/<document_id>"): everybody(200),
    ("GET", "/desk/<slug>/people"): staff(200),
    ("POST", "/desk/<slug>/people/export"): staff(422),
    ("GET", "/desk/<slug>/people/new"): staff(200),
    ("POST", "/desk/<slug>/people/new"): staff(422),
    ("GET", "/desk/<slug>/people/<person_id>"): staff(200),
    ("POST", "/desk/<slug>/people/<person_id>"): staff(422),
    ("POST", "/desk/<slug>/people/<person_id>/invitation"): staff(422),
    ("GET", "/desk/<slug>/people/<person_id>/remove"): staff(200),
    ("POST", "/desk/<slug>/people/<person_id>/remove"): staff(422),
    ("GET", "/desk/<slug>/people/import"): staff(200),
    ("POST", "/desk/<slug>/people/import"): staff(422),
    ("GET", "/desk/<slug>/people/import/<upload>"): staff(200),
    ("POST", "/desk/<slug>/people/import/<upload>"): staff(422),
    ("POST", "/desk/<slug>/people/import/<upload>/problems"): staff(422),
    ("GET", "/desk/<slug>/invitations"): staff(200),
    ("POST", "/desk/<slug>/invitations/test"): staff(422),
    ("GET", "/desk/<slug>/invitations/words/<kind>/<language>"): staff(200),
    ("POST", "/desk/<slug>/invitations/words/<kind>/<language>"): staff(422),
    ("GET", "/desk/<slug>/invitations/<meeting>/send"): staff(200),
    ("POST", "/desk/<slug>/invitations/<meeting>/send"): staff(422),
    ("GET", "/desk/<slug>/invitations/<meeting>/remind"): staff(200),
    ("POST", "/desk/<slug>/invitations/<meeting>/remind"): staff(422),
    ("POST", "/desk/<slug>/invitations/<meeting>/letters"): staff(422),
    ("GET", "/desk/<slug>/join/<meeting>"): staff(200),
    ("POST", "/desk/<slug>/join/<meeting>"): staff(422),
    ("POST", "/desk/<slug>/join/<meeting>/poster"): staff(422),
    ("GET", "/desk/<slug>/reminders"): staff(200),
    ("POST", "/desk/<slug>/reminders"): staff(422),
    ("GET", "/desk/<slug>/announce"): staff(200),
    ("POST", "/desk/<slug>/announce"): staff(422),
    ("GET", "/desk/<slug>/team"): staff(200),
    ("POST", "/desk/<slug>/team"): staff(422),
    ("GET", "/desk/<slug>/times"): staff(200),
    ("POST", "/desk/<slug>/times"): staff(422),
    ("GET", "/first-password/<password_token>"): everybody(200),
    ("POST", "/first-password/<password_token>"): everybody(422),
    **coding_rows.routes(staff=staff, moderators=moderators),
    ("GET", "/desk/<slug>/figures"): staff(200, 200, 200),
    ("POST", "/desk/<slug>/figures/tables"): staff(422),
    ("GET", "/desk/<slug>/figures/tables/<int:number>"): staff(404, 404, 404),
    ("POST", "/desk/<slug>/figures/words"): staff(422),
    ("GET", "/desk/<slug>/figures/draft"): staff(200, 200, 200),
    ("POST", "/desk/<slug>/figures/draft"): staff(422, 403, 422),
    ("GET", "/desk/<slug>/report"): staff(200, 200, 200),
    ("POST", "/desk/<slug>/report/freeze"): staff(422),
    ("GET", "/desk/<slug>/report/editions/<int:number>/publish"): staff(200),
    ("POST", "/desk/<slug>/report/editions/<int:number>/publish"): staff(422),
    ("POST", "/desk/<slug>/report/editions/<int:number>/file"): staff(422, 422, 422),
    ("GET", "/desk/<slug>/exports"): staff(200),
    ("POST", "/desk/<slug>/exports"): staff(422),
}
"""Method and address → what each role is answered. A POST is sent without a form token."""

WITHOUT_ROWS = {"static"}


@dataclass
class Browser:
    """Someone in a role, and the addresses that this role asks for."""

    role: str
    client: PageClient
    values: dict[str, Any]

    def ask(self, method: str, rule: str, **options: Any) -> TestResponse:
        return self.client.open(_filled(rule, self.values), method=method, **options)


def _filled(rule: str, values: dict[str, Any]) -> str:
    for name, value in values.items():
        for shape in (f"<{name}>", f"<int:{name}>"):
            rule = rule.replace(shape, str(value))
    assert "<" not in rule, f"{rule}: no value for one of its parts; add it to values_of"
    return rule


def values_of(scene: Scene, role: str = "") -> dict[str, Any]:
    """What the parts of an address stand for. A rapporteur out asks for an answer of the May meeting."""
    meeting = "may" if role == "rapporteur_out" else "october"
    return {
        "slug": scene.world.slug,
        "secret": scene.quiet_secret,
        "token": Seal(LINK_KEY).stop_token(scene.quiet.id),
        "answer_id": scene.waiting[meeting].id,
        "person_id": scene.uninvited.id,
        "upload": scene.upload,
        "act": "change",
        "sign_off": scene.sign_off,
        "link": scene.link_id,
        "document_id": scene.document_id,
        "question": scene.world.questions[0].code,
        "kind": "invitation",
        "language": "fr",
        "meeting": "october",
        "password_token": token_for_password(
            scene.world.second_director, "secret-key-of-the-tests-0123456789abcdef"
        ),
        "number": scene.published.number,
        "view_id": scene.view.id,
        "theme_id": scene.theme.id,
        "code": scene.theme.code,
        "batch_id": scene.view.id,
    }


def browser_of(app: TransactionalFlask, scene: Scene, role: str) -> Browser:
    """A fresh browser of someone in that role."""
    client, world = PlainClient(app, app.response_class), scene.world
    if role in {"participant", "other_participant"}:
        client.hold(getattr(world, role).invitation)
    elif role != "anonymous":
        names = {"director_out": "outsider"}
        client.sign_in(getattr(world, names.get(role, role.partition("_")[0])))
    return Browser(role, client, values_of(scene, role))


def routes(app: TransactionalFlask) -> Iterator[tuple[str, Rule]]:
    """Every (method, rule) that a row must speak of."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in WITHOUT_ROWS:
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield method, rule


@pytest.fixture
def scene(session: Session, world: World, settings: Settings) -> Scene:
    return make_scene(session, world, settings, approved=2)


def answered_as(response: TestResponse, expected: Expected) -> bool:
    if isinstance(expected, int):
        return response.status_code == expected
    address = expected if expected.startswith("/") else f"/{expected}"
    return response.status_code == 303 and response.location.partition("?")[0] == address


def is_refusal(expected: Expected) -> bool:
    return expected in {"sign-in", "join", 403, 404}


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
        browser = browser_of(app, scene, role)
        response = browser.ask(method, rule)
        if not answered_as(response, expected[role]):
            wrong.append(
                f"{method} {rule}: {response.status} {response.location or ''}, not {expected[role]}"
            )
        if fingerprint(database) != before:
            pytest.fail(f"{method} {rule} as {role} changed the database")
    assert wrong == []


def test_a_refused_act_changes_nothing_even_with_a_good_token_and_good_values(
    app: TransactionalFlask, database: Database, scene: Scene
) -> None:
    before, wrong = fingerprint(database), []
    for (method, rule), expected in MATRIX.items():
        for role in ROLES if method == "POST" and rule in ACTS else ():
            if not is_refusal(expected[role]):
                continue
            browser = browser_of(app, scene, role)
            token = token_for(browser.client, app)
            values = ACTS[rule].values(scene, browser)
            response = browser.ask("POST", rule, data={"csrf_token": token, **values})
            if not answered_as(response, expected[role]):
                wrong.append(f"{rule} as {role}: {response.status} {response.location or ''}")
            if fingerprint(database) != before:
                pytest.fail(f"POST {rule} as {role} changed the database")
    assert wrong == []


@dataclass(frozen=True)
class Act:
    """A post that does something: who may, and with which values."""

    role: str
    values: Callable[[Scene, Browser], dict[str, Any]]
    changes: bool = True
    answered: int = 303


def _decision(scene: Scene, browser: Browser) -> dict[str, Any]:
    meeting = "may" if browser.role == "rapporteur_out" else "october"
    return {"read": scene.waiting_hash[meeting], "read_number": "0", "act": "approve"}


COLLEAGUE = {"name": "Nowy", "email": "nowy@example.org", "role": "observer", "meeting": "", "language": "en"}
PERSON = {"name": "Ben New", "email": "ben@example.org", "language": "en"}
ACTS: dict[str, Act] = {
    "/respond/decline": Act("participant", lambda _scene, _browser: {}),
    "/desk/<slug>/queue/<answer_id>/decide": Act("rapporteur_in", _decision),
    "/desk/<slug>/queue/<answer_id>/notes": Act(
        "rapporteur_in", lambda _scene, _browser: {"said": "Ask her."}
    ),
    "/desk/<slug>/queue/<answer_id>/presence": Act(
        "rapporteur_in", lambda _scene, _browser: {}, answered=200
    ),
    "/desk/<slug>/queue/selection": Act(
        "director_in",
        lambda scene, _browser: {"answers": [scene.waiting["may"].id]},
        changes=False,
    ),
    "/desk/<slug>/queue/selection/decide": Act(
        "director_in",
        lambda scene, _browser: {
            "act": "approve",
            "read": [f"{scene.waiting['may'].id}.{scene.waiting_hash['may']}.0"],
        },
    ),
    "/desk/<slug>/queue/views": Act("rapporteur_in", lambda _scene, _browser: {"view_name": "Another"}),
    "/desk/<slug>/queue/views/<view_id>/remove": Act("rapporteur_in", lambda _scene, _browser: {}),
    "/desk/keys": Act("rapporteur_in", lambda _scene, _browser: {"keys": "off"}),
    "/desk/<slug>/people/new": Act("director_in", lambda _scene, _browser: PERSON),
    "/desk/<slug>/people/export": Act(
        "director_in", lambda _scene, _browser: {"format": "csv"}, changes=False
    ),
    "/desk/<slug>/people/<person_id>": Act(
        "director_in", lambda _scene, _browser: PERSON | {"email": "p091@example.org"}
    ),
    "/desk/<slug>/people/<person_id>/remove": Act("director_in", lambda _scene, _browser: {}),
    "/desk/<slug>/invitations/test": Act("director_in", lambda _scene, _browser: {"language": "fr"}),
    "/desk/<slug>/invitations/words/<kind>/<language>": Act(
        "director_in", lambda _scene, _browser: {"subject": "Hello", "body": "{link}", "act": "save"}
    ),
    "/desk/<slug>/invitations/<meeting>/letters": Act(
        "director_in", lambda _scene, _browser: {}, changes=False
    ),
    "/desk/<slug>/reminders": Act("director_in", lambda _scene, _browser: {"hours": "72"}),
    "/desk/<slug>/announce": Act("director_in", lambda _scene, _browser: {}),
    "/desk/<slug>/join/<meeting>": Act("director_in", lambda _scene, _browser: {"act": "on"}),
    "/desk/<slug>/join/<meeting>/poster": Act(
        "director_in", lambda _scene, _browser: {"language": "pl", "paper": "a4"}, changes=False
    ),
    "/desk/<slug>/team": Act("director_in", lambda _scene, _browser: COLLEAGUE),
    "/desk/<slug>/times": Act(
        "director_in",
        lambda _scene, _browser: {"opens": "2016-05-14 09:00", "closes": "", "act": "confirmed"},
    ),
    "/desk/<slug>/report/freeze": Act("director_in", lambda _scene, _browser: {}),
    "/desk/<slug>/report/editions/<int:number>/publish": Act("director_in", lambda _scene, _browser: {}),
    "/desk/<slug>/report/editions/<int:number>/file": Act(
        "observer", lambda _scene, _browser: {"format": "html"}, changes=False
    ),
    **coding_rows.acts(Act),
    "/desk/<slug>/exports": Act(
        "director_in",
        lambda _scene, _browser: {"format": "csv", "profile": "desk", "meeting": ""},
        changes=False,
    ),
}
"""The posts that work, with values that work, so that a refusal above is not one for want of a field."""


def test_the_same_acts_work_for_whoever_may(
    app: TransactionalFlask, database: Database, scene: Scene
) -> None:
    """The control: with these values and this token the act is done."""
    for rule, act in ACTS.items():
        browser, before = browser_of(app, scene, act.role), fingerprint(database)
        if "<int:number>/publish" in rule:
            browser.values["number"] = scene.frozen.number
        token = token_for(browser.client, app)
        response = browser.ask("POST", rule, data={"csrf_token": token, **act.values(scene, browser)})
        assert response.status_code == (act.answered if act.changes else 200), f"{rule}: {response.status}"
        assert (fingerprint(database) != before) is act.changes, rule


def test_looking_never_writes_however_often(
    app: TransactionalFlask, database: Database, scene: Scene
) -> None:
    """Mail scanners and previews follow links a hundred times, with GET and with HEAD."""
    before = fingerprint(database)
    for role in ("anonymous", "participant", "director_in"):
        browser = browser_of(app, scene, role)
        for (method, rule), expected in MATRIX.items():
            if method == "GET" and expected[role] == 200:
                times = 50 if rule == "/i/<secret>" else 2
                for _ in range(times):
                    browser.ask("GET", rule)
                    assert browser.ask("HEAD", rule).get_data() == b""
    assert fingerprint(database) == before


def test_posts_are_the_only_way_to_act(app: TransactionalFlask, database: Database, scene: Scene) -> None:
    """Other methods are refused, on every address, for those who may do everything."""
    before = fingerprint(database)
    director = browser_of(app, scene, "director_in")
    for _method, rule in MATRIX:
        for method in ("PUT", "DELETE", "PATCH"):
            assert director.ask(method, rule).status_code == 405
    assert fingerprint(database) == before
