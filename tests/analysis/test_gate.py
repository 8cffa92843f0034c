"""What has not passed the gate cannot be shown, by any of the ways in which things are shown."""

import ast
import copy
import json
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
from jinja2 import Environment
from markupsafe import escape
from sqlalchemy.orm import Session

from consult.analysis.queries.tallies import respondents
from consult.analysis.rules import RawTally
from tests.analysis.cases import approved
from tests.factories import World

PACKAGE = Path(__file__).resolve().parents[2] / "consult"


def in_a_template(tally: RawTally) -> str:
    return Environment(autoescape=True).from_string("{{ tally }}").render(tally=tally)


@pytest.mark.parametrize(
    "show",
    [
        str,
        format,
        list,
        dict,
        len,
        sorted,
        escape,
        json.dumps,
        pickle.dumps,
        copy.copy,
        copy.deepcopy,
        vars,
        in_a_template,
        lambda tally: f"{tally}",
        lambda tally: f"{tally:>10}",
        lambda tally: "%s" % tally,  # noqa: UP031
        lambda tally: tally[("x",)],
        lambda tally: ("x",) in tally,
        lambda tally: {**tally},
        int,
        bool,
        lambda tally: tally.cells,
    ],
)
def test_a_raw_tally_cannot_be_shown(show: Callable[[RawTally], object]) -> None:
    with pytest.raises((TypeError, AttributeError)):
        show(RawTally({("x",): 41}))


def test_the_representation_of_a_raw_tally_says_nothing() -> None:
    assert repr(RawTally({("x",): 41})) == "<RawTally>"
    assert repr(RawTally({})) == "<RawTally>"


def test_counting_returns_nothing_else(session: Session, world: World) -> None:
    approved(session, world, times=3)
    tally = respondents(session, world.consultation)
    assert isinstance(tally, RawTally)


def test_only_the_gate_opens_a_tally() -> None:
    openers = set()
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("consult.analysis")
            for alias in node.names
        }
        attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        if "opened" in names | attributes or "_opened" in attributes:
            openers.add(path.relative_to(PACKAGE).as_posix())
    inside = {name for name in openers if name.startswith("analysis/disclosure/")}
    assert openers - inside == {"analysis/rules.py"}
    assert inside
