"""What is held about a person: told to them whole, and to staff without what the mode keeps apart."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from consult.consultations.models import Consultation
from consult.core.audit import AuditEntry
from consult.core.clock import now
from consult.responses.models import Answer
from tests.factories import World
from tests.pages import PageClient
from tests.web.participate.cast import ANSWER, TEXTS, opened


def unpacked(content: bytes) -> tuple[dict[str, Any], str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return json.loads(archive.read("held.json")), archive.read("read-me.txt").decode()


def test_receipt_file_pack_and_withdrawal_on_request(
    client: PageClient, world: World, session: Session
) -> None:
    email = world.participant.participant.email
    session.close()
    receipt = client.submit(opened(client, world), "/respond/", **ANSWER)
    code = receipt.form("/receipt/file").values["code"][0]
    assert code not in receipt.response.request.path
    picture = client.get("/respond/receipt/code.svg")
    assert (picture.mimetype, b"<path" in picture.data) == ("image/svg+xml", True)
    saved = client.post("/receipt/file", data=receipt.form("/receipt/file").values)
    assert saved.headers["Content-Disposition"] == "attachment; filename=receipt.txt"
    text = saved.get_data(as_text=True)
    assert all(words in text.replace("-", "") for words in (code, TEXTS["text_1"].replace("-", "")))
    assert "the link in the mail that invited you still opens your answer" in receipt.text

    mine = client.page("/respond/").form("/respond/held").values
    held, told = unpacked(client.post("/respond/held", data=mine).data)
    assert held["person"]["email"] == email
    assert held["invitations"][0]["answered"] is True
    assert TEXTS["text_1"] in {a["words"][0]["text"] for one in held["answers"] for a in one["answers"]}
    assert "Staff are not shown it" not in told

    client.sign_in(world.director)
    page = client.page("/desk/warsaw/requests")
    fields = page.form("/held").values | {"email": email.upper()}
    staff, told = unpacked(client.post("/desk/warsaw/requests/held", data=fields).data)
    assert staff["answers"] == []
    assert "answered" not in staff["invitations"][0]
    assert "Staff are not shown it" in told
    presented, _told = unpacked(client.post("/desk/warsaw/requests/held", data=fields | {"codes": code}).data)
    assert len(presented["answers"]) == 1
    assert "answered" not in presented["invitations"][0]
    wrong = client.submit(page, "/held", email=email, codes="A" * 26)
    assert (wrong.status, "has that receipt code" in wrong.text) == (422, True)

    session.execute(update(Consultation).values(closes_at=now() - timedelta(days=1)))
    session.commit()
    assert client.submit(page, "/withdraw", code=code).status == 422
    done = client.submit(page, "/withdraw", code=code.lower(), asked="y")
    assert "The answer is withdrawn" in done.text
    assert {answer.state.value for answer in session.scalars(select(Answer))} == {"withdrawn"}
    session.rollback()
    assert client.submit(page, "/withdraw", code=code, asked="y").status == 409
    acts = session.scalars(select(AuditEntry).where(AuditEntry.act == "withdrawn_on_request")).all()
    assert [(act.subject, act.facts) for act in acts] == [("", "{}")], (
        "not which: the minute stands beside it"
    )
    session.rollback()
