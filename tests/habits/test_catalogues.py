"""Every sentence of the program has its French and its Polish, and the files are what the script would write."""

import importlib.util
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages import Catalog
from babel.messages.pofile import read_po

from tests.factories import World
from tests.pages import PageClient

ROOT = Path(__file__).resolve().parents[2]
PLACE = re.compile(r"%\(\w+\)[sd]|%%|\{[^{}]*\}")
NUMBERS = {"%(count)s", "%(num)s"}
CODE = re.compile(r"\{% block body_class %\}\w+\{% endblock %\}|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
MARKUP = re.compile(r"<!--.*?-->|<[^>]*>|&\w+;", re.DOTALL)
SPOKEN_ATTRIBUTE = re.compile(r"""\b(?:aria-label|alt|placeholder|title)=["'][^"'{]*[A-Za-z]{2}""")


ATTRIBUTE = re.compile(r"\b(?:aria-\w+|data-[a-z-]+|dir|lang)=")
"""Names that macros print by themselves, outside a tag."""


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("catalogues", ROOT / "config" / "tooling" / "catalogues.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


script = _script()
each_language = pytest.mark.parametrize("language", script.LANGUAGES)


@pytest.fixture(scope="module")
def wanted() -> list[str | tuple[str, str]]:
    return script.sentences()  # type: ignore[no-any-return]


@cache
def _catalogue(language: str) -> Catalog:
    with script.catalogue_path(language).open("rb") as file:
        return read_po(file, locale=language)


def _pairs(language: str) -> Iterator[tuple[str, str]]:
    """Every English sentence with each of its translations; a plural is judged by its English plural."""
    for message in _catalogue(language):
        if message.id:
            forms = (message.string,) if isinstance(message.id, str) else message.string
            yield from (
                (message.id if isinstance(message.id, str) else message.id[1], form) for form in forms
            )


@each_language
def test_every_sentence_is_translated(language: str, wanted: list[str | tuple[str, str]]) -> None:
    assert script.untranslated(script.updated(language, wanted)) == []


@each_language
def test_the_files_are_what_the_script_writes(language: str, wanted: list[str | tuple[str, str]]) -> None:
    """So nothing is obsolete or fuzzy, and what is compiled is what translators see."""
    readable, compiled = script.written(script.updated(language, wanted))
    path = script.catalogue_path(language)
    assert path.read_bytes() == readable, "run config/tooling/catalogues"
    assert path.with_suffix(".mo").read_bytes() == compiled, "run config/tooling/catalogues"
    assert b"#~" not in readable
    assert b"fuzzy" not in readable


@each_language
def test_a_translation_has_the_same_places_to_fill(language: str) -> None:
    """The singular alone may leave its number to a word: "the only answer"."""
    wrong = [
        (english, translated)
        for english, translated in _pairs(language)
        if translated
        and sorted(PLACE.findall(english)) != sorted(PLACE.findall(translated))
        and sorted(set(PLACE.findall(english)) - NUMBERS) != sorted(PLACE.findall(translated))
    ]
    assert wrong == []


def test_nobody_is_promised_anonymity_in_any_language() -> None:
    said = [text for language in script.LANGUAGES for pair in _pairs(language) for text in pair]
    assert [text for text in said if re.search("anonim|anonym", text, re.IGNORECASE)] == []


def test_french_and_polish_are_set_as_their_readers_expect() -> None:
    """French puts a narrow space that does not break before ; : ? ! and inside « »; Polish quotes „so”."""
    loose = re.compile(r" [;:?!»](?!\w)|« |[\w\u2019)][;?!»]|\w: |[\u201c\u201d]|'")
    assert [text for _english, text in _pairs("fr") if loose.search(PLACE.sub("x", text))] == []
    assert [text for _english, text in _pairs("pl") if re.search(r"[«»\u201c']|\"", text)] == []


def test_templates_say_nothing_that_is_not_in_a_catalogue() -> None:
    found = {}
    for path in sorted((ROOT / "templates").rglob("*.html")):
        source = path.read_text(encoding="utf-8")
        left = set(re.findall(r"[A-Za-z]{2,}", ATTRIBUTE.sub(" ", MARKUP.sub(" ", CODE.sub(" ", source)))))
        left |= set(SPOKEN_ATTRIBUTE.findall(source))
        if left:
            found[str(path.relative_to(ROOT))] = left
    assert found == {}


def _english_on(text: str, language: str) -> list[str]:
    """Sentences and phrases of the catalogue that stand on a page in English; single words prove nothing."""
    found = []
    for english, translated in _pairs(language):
        piece = max(PLACE.split(english), key=len).strip()
        if " " not in piece or translated == english or piece not in text:
            continue
        if re.search(rf"\b{re.escape(piece)}(?!\w)", text):
            found.append(piece)
    return found


@each_language
def test_the_way_of_a_participant_is_in_their_language(
    client: PageClient, world: World, language: str
) -> None:
    door = client.page(f"/i/{world.participant.secret}?lang={language}")
    form = client.submit(door, "/i/")
    refused = client.submit(form, "/respond")
    receipt = client.submit(
        form,
        "/respond",
        text_1="Unité.",
        use_1="quote_unattributed",
        text_2="Jedność.",
        use_2="aggregate_only",
    )
    for page in (door, form, refused, receipt):
        assert page.tree.get("lang") == language
        assert _english_on(page.text.replace(world.consultation.convenor, ""), language) == []
