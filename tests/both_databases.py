"""Which tests of pages run on both databases at every change; `make test EVERYTHING=1` runs all of them on both.

What pages call is tested on both with the nouns. All pages twice would take the tests past a quarter of an hour.
"""

from pathlib import Path

import pytest

PAGES = (Path(__file__).parent / "web", Path(__file__).parent / "journeys")
PAGES_ON_BOTH = {
    "test_canaries.py",
    "test_queries.py",
    "test_answering.py",
    "test_turns.py",
    "test_queue.py",
    "test_reporting.py",
    "test_editions.py",
    "test_api.py",
    "test_killing.py",
    "test_participant.py",
}
BUT_SWEEPS = {
    "test_no_page_and_no_download_shows_what_its_reader_may_not_see",
    "test_the_sweep_finds_the_canaries_where_they_may_be",
}
"""In those files: what reads every page as every role. What a database says of itself, in a log, is asked of both."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--everything", action="store_true", help="Run the tests of all pages on both databases."
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--everything"):
        return
    collected = {item.nodeid for item in items}
    left_out = [
        item
        for item in items
        if item.get_closest_marker("postgresql") and _is_left_out(item) and _on_sqlite(item) in collected
    ]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        gone = set(left_out)
        items[:] = [item for item in items if item not in gone]


def _on_sqlite(item: pytest.Item) -> str:
    """The same test on SQLite. What is written for PostgreSQL alone has none and is never left out."""
    return item.nodeid.replace("postgresql", "sqlite")


def _is_left_out(item: pytest.Item) -> bool:
    if not any(folder in item.path.parents for folder in PAGES):
        return False
    return item.path.name not in PAGES_ON_BOTH or getattr(item, "originalname", "") in BUT_SWEEPS
