"""A kind of question that nobody has thought of yet is one module and one template: nothing else need be touched."""

import csv
import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.analysis.disclosure import Profile
from consult.consultations import kinds
from consult.consultations.kinds import KINDS
from consult.core.tabular import read_table
from consult.exports.formats import DATA_FORMATS
from consult.exports.queries import released
from consult.moderation.actions.counting import count_choices
from consult.operations.definition import parse
from consult.operations.definition.writing import written
from consult.operations.importing.responses import import_responses
from consult.operations.loading.consultation import load
from consult.responses.models import Revision
from consult.settings import Settings
from consult.web.transactions import TransactionalFlask
from tests.factories import World
from tests.pages import Page, PageClient

MODULE = '''"""Options put in order. Choices: their codes, the first first."""

from consult.consultations.kinds.kind import N_, Given
from consult.consultations.kinds.listed import OPTIONS, Listed
from consult.core.errors import Invalid


class Ranking(Listed):
    """See the module."""

    code = "ranking"
    title = N_("Put in order")
    place = 90
    settings = (OPTIONS,)

    def read_values(self, question, values, words):
        chosen = [value for value in values if value]
        known = {option.code for option in self.options(question)}
        if set(chosen) - known or len(set(chosen)) < len(chosen):
            raise Invalid("Give each of them one place.", field="choice")
        return Given(tuple(chosen))

    def from_cell(self, question, cell):
        return self.read_values(question, [self.code_of(question, part.strip()) for part in cell.split(">")], "")


KIND = Ranking()
'''
TEMPLATE = """{% from "participate/asked.html" import hint_and_errors, legend %}
<fieldset class="govuk-fieldset">{{ legend(ask) }}{{ hint_and_errors(ask) }}
{%- for _code, _words in ask.options %}
{%- set place = loop.index0 %}
<label for="{{ ask.item.choice.id }}-{{ place }}">{{ loop.index }}</label>
<select id="{{ ask.item.choice.id }}-{{ place }}" name="{{ ask.item.choice.name }}">
<option value="">–</option>
{%- for code, words in ask.options %}
<option value="{{ code }}"{% if ask.values[place] | default("") == code %} selected{% endif %}>{{ words }}</option>
{%- endfor %}
</select>
{%- endfor %}
</fieldset>
"""


@pytest.fixture
def ranking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The two files of a new kind, found as those of the house are."""
    (tmp_path / "ranking.py").write_text(MODULE, encoding="utf-8")
    (tmp_path / "templates" / "components" / "kinds").mkdir(parents=True)
    (tmp_path / "templates" / "components" / "kinds" / "ranking.html").write_text(TEMPLATE, encoding="utf-8")
    monkeypatch.setattr(kinds, "__path__", [*kinds.__path__, str(tmp_path)])
    for code, kind in kinds._found().items():
        monkeypatch.setitem(KINDS, code, kind)
    yield tmp_path / "templates"
    sys.modules.pop("consult.consultations.kinds.ranking", None)


@pytest.mark.own_app
def test_a_new_kind_is_asked_answered_imported_exported_and_counted(
    ranking: Path,
    app: TransactionalFlask,
    client: PageClient,
    session: Session,
    world: World,
    settings: Settings,
) -> None:
    app.jinja_loader.searchpath.append(str(ranking))  # type: ignore[union-attr]
    client.sign_in(world.director)
    page = client.page("/desk/warsaw/setup/questions/new")
    client.submit(page, "/questions/new", prompt_en="What comes first?", code="first", kind="ranking")
    address = "/desk/warsaw/setup/questions/first"
    form = next(form for form in client.page(address).forms if form.action == address)
    chosen = {**form.values, "set_options_en": "Dialogue\nDeterrence\nTrade"}
    assert "Saved." in Page(client.post(address, data=chosen, follow_redirects=True)).text
    assert "Put in order" in client.page("/desk/warsaw/setup/questions").text
    assert "What comes first?" in client.page("/desk/warsaw/setup/preview/october").text

    guest = app.test_client()
    assert isinstance(guest, PageClient)
    guest.hold(world.participant.invitation)
    answers = {"text_1": "Talk.", "use_1": "aggregate_only", "text_2": "Time.", "use_2": "aggregate_only"}
    answers["use_closed"] = "aggregate_only"
    twice = guest.submit(guest.page("/respond/"), "/respond/", choice_3=["trade", "trade"], **answers)
    assert twice.status == 422
    assert "Give each of them one place." in twice.text
    receipt = guest.submit(twice, "/respond/", choice_3=["trade", "dialogue", "deterrence"], **answers)
    assert "Trade" in receipt.text

    question = next(one for one in world.consultation.questions if one.code == "first")
    import_responses(
        session,
        world.consultation,
        world.october,
        read_table(b"first\nDialogue > deterrence > trade\n" + b"trade\n" * 3, name="paper.csv"),
        secret_key=settings.secret_key,
        mapping={"answer": "first"},
        question="first",
    )
    count_choices(session)
    kept = [tuple(choices) for choices in session.scalars(select(Revision.choices)) if choices]
    assert ("trade", "dialogue", "deterrence") in kept
    assert ("dialogue", "deterrence", "trade") in kept
    file = b"".join(DATA_FORMATS["csv"].render(released(session, world.consultation, Profile.DESK)))
    rows = list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"), newline="")))
    assert "trade dialogue deterrence" in {row["first"] for row in rows}
    assert KINDS["ranking"].tally(question, kept).counts["trade"] == 5
    text = written(session, world.consultation)
    assert 'kind = "ranking"' in text
    assert load(session, parse(text)).changes == []
