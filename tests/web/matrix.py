"""Every route by every role: what each is answered, and browsers of each role to ask with."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from consult.core.sealing import Seal
from consult.operations.mailing.first_password import token_for as token_for_password
from consult.operations.mailing.no_digests import token_for as token_for_digests
from consult.web.transactions import TransactionalFlask
from tests.factories import LINK_KEY
from tests.pages import PageClient
from tests.web import coding_rows, gathering_rows, report_rows
from tests.web.rights_rows import RIGHTS_PAGES
from tests.web.scenes import PlainClient, Scene
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
    ("GET", "/c/<slug>/report/<int:number>/preview.png"): everybody(200),
    ("GET", "/c/<slug>/report/<int:number>/<code>"): everybody(404),
    ("GET", "/api/v1/openapi.json"): everybody(200),
    ("GET", "/api/v1/consultations"): everybody(200),
    ("GET", "/api/v1/consultations/<slug>/editions"): everybody(200),
    ("GET", "/api/v1/consultations/<slug>/editions/<int:number>"): everybody(200),
    ("GET", "/api/v1/consultations/<slug>/editions/<int:number>/answers"): everybody(200),
    ("GET", "/api/v1/consultations/<slug>/answers"): everybody(401),
    ("GET", "/i/<secret>"): everybody(200),
    ("POST", "/i/<secret>"): everybody(422),
    ("GET", "/stop/<token>"): everybody(200),
    ("POST", "/stop/<token>"): everybody(422),
    ("GET", "/stopped"): everybody(200),
    ("GET", "/digests/<digest_token>"): everybody(200),
    ("POST", "/digests/<digest_token>"): everybody(422),
    ("POST", "/desk/digests"): everybody(422, **dict.fromkeys(OUTSIDE, "sign-in")),
    ("GET", "/join"): everybody(200),
    ("POST", "/join"): everybody(422),
    ("GET", "/joined"): everybody("join"),
    ("POST", "/joined"): everybody(422),
    ("GET", "/kiosk"): everybody(200),
    ("POST", "/kiosk"): everybody(422),
    ("POST", "/kiosk/next"): everybody(422),
    ("GET", "/kiosk/done"): everybody("/kiosk"),
    ("POST", "/kiosk/end"): everybody("/kiosk"),
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
    ("POST", "/receipt/file"): everybody(422),
    ("GET", "/respond/receipt/code.svg"): guests(404),
    ("POST", "/respond/held"): guests("/respond/"),
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
    **{(method, rule): staff(status) for method, rule, status in RIGHTS_PAGES},
    ("GET", "/desk/new"): creators(200),
    ("POST", "/desk/new"): creators(422),
    ("POST", "/desk/new/file"): creators(422),
    **{(method, rule): preparers(status) for method, rule, status in SETUP_PAGES},
    ("GET", "/preview/<sign_off>"): everybody(200),
    ("POST", "/preview/<sign_off>"): everybody(422),
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
    ("POST", "/desk/<slug>/invitations/again"): staff(422),
    ("GET", "/desk/<slug>/invitations/words/<kind>/<language>"): staff(200),
    ("POST", "/desk/<slug>/invitations/words/<kind>/<language>"): staff(422),
    ("POST", "/desk/<slug>/invitations/words/<kind>/<language>/html"): staff(422),
    ("GET", "/desk/<slug>/invitations/<meeting>/send"): staff(200),
    ("POST", "/desk/<slug>/invitations/<meeting>/send"): staff(422),
    ("GET", "/desk/<slug>/invitations/<meeting>/remind"): staff(200),
    ("POST", "/desk/<slug>/invitations/<meeting>/remind"): staff(422),
    ("GET", "/desk/<slug>/invitations/<meeting>/back"): staff(200),
    ("POST", "/desk/<slug>/invitations/<meeting>/back"): staff(422),
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
    ("POST", "/desk/<slug>/roles/<membership>/remove"): staff(422),
    ("GET", "/desk/<slug>/times"): staff(200),
    ("POST", "/desk/<slug>/times"): staff(422),
    ("GET", "/first-password/<password_token>"): everybody(200),
    ("POST", "/first-password/<password_token>"): everybody(422),
    **coding_rows.routes(staff=staff, moderators=moderators),
    **report_rows.routes(staff=staff, everybody=everybody),
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
    ("GET", "/desk/<slug>/gathering"): staff(200, 200),
    **{(method, rule): moderators(status) for method, rule, status in gathering_rows.OF_ONE_MEETING},
    **{(method, rule): staff(status) for method, rule, status in gathering_rows.IMPORTS},
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
        "opening_id": "a" * 26,
        "membership": "a" * 26,
        "upload": scene.upload,
        "act": "change",
        "sign_off": scene.sign_off,
        "link": scene.link_id,
        "document_id": scene.document_id,
        "question": scene.world.questions[0].code,
        "kind": "invitation",
        "language": "fr",
        "meeting": meeting,
        "password_token": token_for_password(
            scene.world.second_director, "secret-key-of-the-tests-0123456789abcdef"
        ),
        "digest_token": token_for_digests(
            scene.world.second_director, "secret-key-of-the-tests-0123456789abcdef"
        ),
        "number": scene.published.number,
        "view_id": scene.view.id,
        "theme_id": scene.theme.id,
        "code": scene.theme.code,
        "batch_id": scene.view.id,
        **scene.report,
        **scene.gathered,
        "card": scene.gathered[meeting],
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


def answered_as(response: TestResponse, expected: Expected) -> bool:
    if isinstance(expected, int):
        return response.status_code == expected
    address = expected if expected.startswith("/") else f"/{expected}"
    return response.status_code == 303 and response.location.partition("?")[0] == address


def is_refusal(expected: Expected) -> bool:
    return expected in {"sign-in", "join", 403, 404}
