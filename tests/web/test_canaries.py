"""What must not travel does not: words planted in it are sought in every answer the program gives."""

import io
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from consult.core import logs
from consult.core.audit import AuditEntry
from consult.core.outbox import OutboxRow
from consult.core.storage import StoredFile
from consult.exports.data.released import Profile
from consult.exports.formats import DATA_FORMATS, EDITION_FORMATS
from consult.exports.queries import released
from consult.reports.document import parsed
from consult.reports.models import Edition
from consult.responses.enums import AnswerState
from consult.responses.models import Revision
from consult.settings import Settings
from consult.web.guards import anyone
from consult.web.transactions import TransactionalFlask, current_session
from tests.exports.reading import plain, unpacked
from tests.factories import World
from tests.web.matrix import MATRIX, ROLES, Browser, browser_of, routes
from tests.web.scenes import QUOTED, Canary, Scene, make_scene, token_for

WORDS_OF_ANSWERS = frozenset(
    {
        Canary.REJECTED,
        Canary.REDACTED,
        Canary.NOT_FOR_USE,
        Canary.COUNTED_ONLY,
        Canary.WAITING,
        Canary.WAITING_IN_MAY,
    }
)
MODERATED = WORDS_OF_ANSWERS | {Canary.NOTE, Canary.NOTE_APART}
"""What the queue shows to those who moderate."""
ROSTER = frozenset({Canary.PERSON, Canary.ORGANISATION, Canary.ADDRESS})
"""What the roster shows to those who prepare the consultation."""
CODED = frozenset({Canary.COUNTED_ONLY})
"""What the coding page shows to those who code: approved answers, without the words taken out."""


@pytest.fixture
def scene(session: Session, world: World, settings: Settings) -> Scene:
    return make_scene(session, world, settings)


def found_in(content: bytes | str, scene: Scene) -> set[str]:
    """The canaries and secrets in some content; what is packed, folder in folder, is unpacked first."""
    if isinstance(content, str):
        content = content.encode("utf-8", "surrogatepass")
    whole = unpacked(content).decode("utf-8", "replace").casefold()
    joined = whole.replace("-", "").replace(" ", "")
    return {canary for canary in Canary if canary.casefold() in whole} | {
        secret for secret in scene.secrets.all() if secret.casefold() in joined
    }


def allowed(role: str, rule: str) -> frozenset[str]:
    """What a role may read at an address. Everything else is nobody's to read there."""
    if role not in {"director_in", "rapporteur_in", "rapporteur_out"}:
        return frozenset()
    if rule.startswith("/desk/<slug>/people") or rule == "/desk/<slug>/invitations/<meeting>/send":
        return ROSTER if role == "director_in" else frozenset()
    october_only = frozenset() if role == "director_in" else frozenset({Canary.WAITING_IN_MAY})
    if rule.startswith("/desk/<slug>/queue"):
        return MODERATED - october_only
    return CODED if rule.startswith("/desk/<slug>/coding") else frozenset()


def content_of(response: TestResponse) -> bytes:
    """Everything that reaches the reader: the body and the headers."""
    return response.get_data() + b"\n" + str(response.headers).encode()


@dataclass(frozen=True)
class Seen:
    """One answer of the program, and the canaries in it."""

    role: str
    method: str
    rule: str
    canaries: frozenset[str]

    @property
    def leaks(self) -> frozenset[str]:
        return self.canaries - allowed(self.role, self.rule)


def sweep(app: TransactionalFlask, scene: Scene, roles: Iterable[str], *, under: str = "/") -> Iterator[Seen]:
    """Every route of the map as every role: each planted answer's page, each state's and meeting's list, each file.

    `under`: only those that begin so.
    """
    with app.database.reading() as session:
        plain = Revision.text.contains(QUOTED) & ~Revision.text.contains(Canary.REDACTED)
        answers = list(session.scalars(select(Revision.answer_id).where(~plain)))
    for role in roles:
        for method, rule in routes(app):
            if "<" in str(rule) and (method, str(rule)) not in MATRIX:
                continue  # the matrix fails for it
            if not str(rule).startswith(under):
                continue
            browser = browser_of(app, scene, role)
            for response in _asked(app, browser, method, str(rule), (answers, scene.person.id)):
                yield Seen(role, method, str(rule), frozenset(found_in(content_of(response), scene)))


def _asked(
    app: TransactionalFlask, browser: Browser, method: str, rule: str, ids: tuple[list[str], str]
) -> Iterator[TestResponse]:
    answers, person_id = ids
    if method == "GET":
        yield browser.ask("GET", rule, query_string={"lang": "fr"})
        for state in (*AnswerState, "all"):
            if rule == "/desk/<slug>/queue":
                yield browser.ask("GET", rule, query_string={"state": str(state)})
                yield browser.ask("GET", rule, query_string={"state": str(state), "meeting": "may"})
    if rule == "/desk/<slug>/people/<person_id>":
        browser.values["person_id"] = person_id
        yield browser.ask(method, rule)
    if "<answer_id>" in rule and browser.role not in {"anonymous", "participant", "other_participant"}:
        for answer_id in answers:
            browser.values["answer_id"] = answer_id
            yield browser.ask(method, rule)
    elif "<int:number>" in rule:
        for number in (1, 2, 3):
            browser.values["number"] = number
            yield browser.ask(method, rule)
    else:
        yield browser.ask(method, rule)
    for values in POSTED.get(rule, ()) if method == "POST" else ():
        yield browser.ask("POST", rule, data={"csrf_token": token_for(browser.client, app), **values})


POSTED: dict[str, list[dict[str, str]]] = {
    "/desk/<slug>/report/editions/<int:number>/file": [{"format": code} for code in EDITION_FORMATS],
    "/desk/<slug>/log/download": [{}, {"names": "y"}],
    "/desk/<slug>/people/export": [{"format": "xlsx"}, {"format": "csv"}],
    "/desk/<slug>/exports": [
        {"format": code, "profile": profile.value, "meeting": meeting}
        for code in DATA_FORMATS
        for profile in Profile
        for meeting in ("", "october", "may")
    ],
}
"""Posts that answer with a file."""


@pytest.mark.parametrize("role", ROLES)
def test_no_page_and_no_download_shows_what_its_reader_may_not_see(
    app: TransactionalFlask, scene: Scene, role: str
) -> None:
    seen = list(sweep(app, scene, [role]))
    assert {(one.method, one.rule) for one in seen} == set(MATRIX)
    assert {f"{one.method} {one.rule}: {sorted(one.leaks)}" for one in seen if one.leaks} == set()


def test_the_sweep_finds_the_canaries_where_they_may_be(app: TransactionalFlask, scene: Scene) -> None:
    """The control: what a director moderates is found in the queue, so the words above were there to be found."""
    queue = sweep(app, scene, ["director_in"], under="/desk/<slug>/queue")
    assert frozenset().union(*(one.canaries for one in queue)) == MODERATED


@pytest.mark.own_app
def test_a_leaky_page_is_caught(app: TransactionalFlask, scene: Scene) -> None:
    """The same sweep over a view that prints from the models instead of the published view."""

    @anyone
    def leaky() -> str:
        texts = [revision.text or "" for revision in current_session().scalars(select(Revision))]
        return f"<!doctype html><html lang=en><title>Leak</title><h1>Leak</h1><p>{' '.join(texts)}</p>"

    app.add_url_rule("/leaky", view_func=leaky, methods=["GET"])
    leaks = [one for one in sweep(app, scene, ["anonymous"]) if one.leaks]
    assert [one.rule for one in leaks] == ["/leaky", "/leaky"]
    assert leaks[0].leaks >= WORDS_OF_ANSWERS


def test_a_leaky_export_is_caught(session: Session, scene: Scene) -> None:
    """A workbook made from the models: compressed, so that a look at its bytes alone would miss the words."""
    import xlsxwriter

    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, revision in enumerate(session.scalars(select(Revision))):
            sheet.write_string(number, 0, revision.text or "")
        sheet.write_string(0, 1, "-".join([scene.secrets.receipt[:4], scene.secrets.receipt[4:]]))
    assert Canary.REJECTED.encode() not in packed.getvalue()
    assert WORDS_OF_ANSWERS | {scene.secrets.receipt} <= found_in(packed.getvalue(), scene)


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("code", DATA_FORMATS)
def test_no_export_holds_a_canary(session: Session, scene: Scene, code: str, profile: Profile) -> None:
    for meeting in (None, "october", "may"):
        data = released(session, scene.world.consultation, profile, meeting)
        content = b"".join(DATA_FORMATS[code].render(data))
        assert content
        assert found_in(content, scene) == set()


def test_no_edition_and_no_report_holds_a_canary(session: Session, scene: Scene) -> None:
    editions = session.scalars(select(Edition)).all()
    assert len(editions) == 2
    for edition in editions:
        assert QUOTED in edition.document
        assert found_in(edition.document, scene) == set()
        for format_ in EDITION_FORMATS.values():
            content = format_.render(parsed(edition.document))
            assert QUOTED in plain(unpacked(content).decode("utf-8", "replace"))
            assert found_in(content, scene) == set()
    kept = session.scalars(select(StoredFile)).all()
    assert len(kept) >= len(EDITION_FORMATS)
    for file in kept:
        assert found_in(file.content + file.name.encode(), scene) == set()


def test_promised_work_and_the_audit_log_hold_identifiers_only(session: Session, scene: Scene) -> None:
    promised = session.scalars(select(OutboxRow)).all()
    audited = session.scalars(select(AuditEntry)).all()
    assert promised
    assert audited
    for row in promised:
        assert found_in(f"{row.kind} {row.payload}", scene) == set()
    for entry in audited:
        assert found_in(f"{entry.act} {entry.subject} {entry.facts}", scene) == set()


class _Lines(logging.Handler):
    """Every line as the program would write it, at any level."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logs.JsonLines())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def written() -> Iterator[list[str]]:
    """What reaches the log when it is set to its most talkative."""
    root, lines = logging.getLogger(), _Lines()
    handlers, level = root.handlers[:], root.level
    logs.configure(logging.DEBUG)
    root.addHandler(lines)
    yield lines.lines
    root.handlers[:], root.level = handlers, level
    root.setLevel(level)


@pytest.mark.own_app
def test_the_log_holds_no_canary_even_when_everything_fails(
    written: list[str], app: TransactionalFlask, scene: Scene
) -> None:
    app.testing = False
    secret = scene.secrets.link

    @anyone
    def breaks() -> str:
        raise RuntimeError(f"{Canary.WAITING} {Canary.PERSON} {secret}")

    @anyone
    def asks_for_nonsense() -> str:
        current_session().execute(text("SELECT * FROM nowhere WHERE x = :x"), {"x": f"{Canary.WAITING}"})
        return ""

    app.add_url_rule("/breaks", view_func=breaks, methods=["GET"])
    app.add_url_rule("/nonsense", view_func=asks_for_nonsense, methods=["GET"])
    client = app.test_client()
    for path, status in (("/breaks", 500), ("/nonsense", 503), (f"/i/{secret}", 200), (f"/i/{secret}x", 404)):
        response = client.get(path)
        assert response.status_code == status, path
        assert found_in(response.get_data(), scene) <= {secret if status == 200 else ""}
    for _seen in sweep(app, scene, ["director_in", "participant"]):
        pass
    app.extensions["queue"].run_waiting()
    assert any("unforeseen RuntimeError" in line for line in written)
    assert any("database refused" in line for line in written)
    assert found_in("\n".join(written), scene) == set()
