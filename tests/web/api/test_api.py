"""What programs read: published editions and their views, in keyset pages; fuzzed against its own description."""

import json
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy.orm import Session

from consult.reports import actions
from consult.reports.models import Edition
from consult.web.transactions import TransactionalFlask
from tests.factories import World
from tests.pages import PageClient
from tests.reports.scenes import CANARIES, publish_approved, tell

EDITION = "/api/v1/consultations/warsaw/editions/1"


@pytest.fixture
def frozen(session: Session, world: World) -> Edition:
    tell(session, world)
    edition = actions.freeze(session, world.consultation, by=world.director)
    session.commit()
    return edition


@pytest.fixture
def published(session: Session, world: World, frozen: Edition) -> Edition:
    publish_approved(session, world, frozen)
    session.commit()
    return frozen


def read(client: PageClient, address: str, status: int = 200, **headers: str) -> Any:
    response = client.get(address, headers=headers)
    assert response.status_code == status, response.text
    assert "Set-Cookie" not in response.headers
    return json.loads(response.text)


def test_what_is_not_published_is_not_there(client: PageClient, frozen: Edition) -> None:
    assert read(client, "/api/v1/consultations")["items"] == []
    assert read(client, "/api/v1/consultations/warsaw/editions")["items"] == []
    for address in (EDITION, f"{EDITION}/answers", "/api/v1/consultations/nowhere/editions"):
        assert read(client, address, 404)["status"] == 404
        assert client.get(address).content_type == "application/problem+json"


def test_every_view_of_an_edition_is_read_once_page_by_page(
    client: PageClient, published: Edition, world: World
) -> None:
    [found] = read(client, "/api/v1/consultations")["items"]
    [entry] = read(client, found["editions"])["items"]
    document = read(client, entry["document"])
    assert (found["slug"], entry["number"], entry["state"]) == ("warsaw", 1, "published")
    address, walked = f"{entry['answers']}?limit=7", []
    while address:
        page = read(client, address)
        walked += page["items"]
        address = page["next"]
    assert [one.pop("place") for one in walked] == list(range(1, len(document["quotes"]) + 1))
    assert walked == document["quotes"]
    everything = json.dumps([document, walked], ensure_ascii=False)
    assert not [word for word in CANARIES if word in everything]


def test_a_reader_who_has_it_is_told_so_and_one_who_signed_in_reads_the_same(
    client: PageClient, published: Edition, world: World
) -> None:
    for address in (EDITION, f"{EDITION}/answers", "/api/v1/consultations", "/api/v1/openapi.json"):
        first = client.get(address)
        assert first.cache_control.public
        assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
        client.sign_in(world.director)
        assert client.get(address).data == first.data


OUT_OF_RANGE = ("limit=0", "limit=201", "limit=ten", "limit=²", "after=-1", f"after={'9' * 5000}")


def test_it_keeps_to_its_own_description_whatever_it_is_asked(
    app: TransactionalFlask, client: PageClient, published: Edition
) -> None:
    for asked in OUT_OF_RANGE:
        assert "whole number from" in read(client, f"{EDITION}/answers?{asked}", 422)["detail"]
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    tried = {"all": 0}

    for operation in schema.get_all_operations():
        strategy = operation.ok().as_strategy()

        @settings(
            max_examples=8, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(strategy)
        def fuzz(case: schemathesis.Case) -> None:
            tried["all"] += 1
            response = case.call()
            assert response.status_code < 500
            case.validate_response(
                response,
                checks=[content_type_conformance, response_schema_conformance, status_code_conformance],
            )

        fuzz()
    assert tried["all"] >= 30
