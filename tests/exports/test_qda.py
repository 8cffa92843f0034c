"""REFI-QDA projects: valid by the schema, read by another program, the same each time, and read back in."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from pyrefiqda import RefiProject
from sqlalchemy.orm import Session

from consult.analysis.actions import unassign
from consult.analysis.codebook.files import from_codes
from consult.analysis.disclosure import Profile
from consult.analysis.marking import assign_part, parts_of, unassign_part
from consult.analysis.queries import theme_codes
from consult.consultations.enums import Attribution
from consult.core.errors import Invalid
from consult.core.qda.reading import read_codebook, read_project
from consult.exports.data.qdpx import codebook, project
from consult.moderation.actions import Span
from consult.moderation.enums import RedactionKind
from consult.operations.importing.codings import import_codings
from tests.analysis.cases import CANARY, approve, approved
from tests.analysis.cases import codebook as themes_in
from tests.factories import World, make_answer

SECRET = "Never to be printed."


def scene(session: Session, world: World) -> list[Any]:
    """Answers with a redaction, a coded part, line breaks and other scripts, and some that must not be in the file."""
    deterrence, dialogue, _ = themes_in(session, world)
    answer = make_answer(session, world.consultation, world.rules, world.asking, f"Before. {CANARY}")
    cut = Span(8, 24, RedactionKind.IDENTIFIES_OTHER)
    redacted = approve(session, world, answer, redactions=[cut])
    assign_part(session, redacted, dialogue, 12, 22, by=world.director)
    [lines] = approved(session, world, world.october, deterrence, text="Mówić.\nРазговор — 对话 🕊\nTalk.")
    [other] = approved(session, world, world.may, deterrence, dialogue, question=1, by=world.rapporteur)
    make_answer(session, world.consultation, world.rules, world.asking, SECRET)
    approved(session, world, text=SECRET, attribution=Attribution.AGGREGATE_ONLY)
    return [redacted, lines, other]


def test_a_project_is_valid_and_another_program_reads_it(
    session: Session, world: World, tmp_path: Path, shared_data: Path
) -> None:
    redacted, _lines, other = scene(session, world)
    content = project(session, world.consultation, Profile.DESK)
    assert content == project(session, world.consultation, Profile.DESK), "the same content is the same file"
    path = tmp_path / "project.qdpx"
    path.write_bytes(content)
    with zipfile.ZipFile(path) as archive:
        document = archive.read("project.qde")
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8")
    for schema, text in (("Project.xsd", document), ("Codebook.xsd", codebook(session, world.consultation))):
        rules = etree.XMLSchema(etree.parse(shared_data / "qdpx" / schema))
        rules.assertValid(etree.fromstring(text))
    for secret in (SECRET, "Zawisza", world.participant.participant.name):
        assert secret not in everything

    read = RefiProject.load(path, extract_dir=str(tmp_path / "out"))
    assert len(read.sources.text_source) == 2, "one source a question"
    names = {user.guid: user.name for user in read.users.user}
    titles = {code.guid: code.name for code in read.code_book.codes.code}
    found = set()
    for source in read.sources.text_source:
        words = (tmp_path / "out" / "sources" / f"{source.guid}.txt").read_text(encoding="utf-8")
        paragraphs = words.rstrip("\n").split("\n")
        assert len(paragraphs) == (2 if "single" in source.name else 1), "one paragraph an answer"
        for passage in source.plain_text_selection:
            text = words[passage.start_position : passage.end_position]
            for coding in passage.coding:
                found.add(
                    (
                        text.replace("\u2028", "\n"),
                        titles[coding.code_ref.target_guid],
                        names[coding.creating_user],
                    )
                )
    visible = "Before. the Riga staff told me so."
    assert ("Mówić.\nРазговор — 对话 🕊\nTalk.", "Deterrence", "Director") in found
    assert {(title, by) for text, title, by in found if text == other.text} == {
        ("Deterrence", "Rapporteur"),
        ("Dialogue", "Rapporteur"),
    }
    [part] = [text for text, title, by in found if title == "Dialogue" and by == "Director"]
    assert part == parts_of(session, redacted)[0].words
    assert part in "of the Riga staff told me so." or part in visible

    published = project(session, world.consultation, Profile.PUBLICATION)
    path.write_bytes(published)
    with zipfile.ZipFile(path) as archive:
        assert b"Director" not in archive.read("project.qde"), "coders are not named outside the desk"


def test_codings_come_back_from_the_file(session: Session, world: World) -> None:
    redacted, lines, other = scene(session, world)
    content = project(session, world.consultation, Profile.DESK)
    before = theme_codes(session, [redacted.id, lines.id, other.id])
    again = import_codings(session, world.consultation, content, "p.qdpx", by=world.rapporteur)
    assert (again.themes, again.unmatched) == (0, 0)
    twice = import_codings(session, world.consultation, content, "p.qdpx", by=world.rapporteur)
    assert (twice.given, twice.already) == (0, 4)
    for revision in (redacted, lines, other):
        for code in before[revision.id]:
            theme = next(t for t in _themes(session, world) if t.code == code)
            unassign(session, revision, theme, by=world.director)
    assert theme_codes(session, [redacted.id]) == {}
    import_codings(session, world.consultation, content, "p.qdpx", by=world.director)
    assert theme_codes(session, [redacted.id, lines.id, other.id]) == before
    [part] = parts_of(session, redacted)
    unassign_part(session, redacted, part.coding_id, by=world.director)


def _themes(session: Session, world: World) -> Any:
    from consult.analysis.queries import themes_of

    return themes_of(session, world.consultation)


def test_a_project_of_nvivo_reads(session: Session, world: World, shared_data: Path) -> None:
    content = (shared_data / "qdpx" / "nvivo_project.qdpx").read_bytes()
    read = read_project(content, "nvivo_project.qdpx")
    codes = [code for top in read.codes for code in top.walk()]
    assert (len(read.coders), len(read.sources)) == (2, 2)
    assert len({entry.code for entry in from_codes(read.codes)}) == len(codes) > 50
    taken = import_codings(session, world.consultation, content, "nvivo_project.qdpx", by=world.director)
    assert (taken.themes, taken.given) == (len(codes), 0)
    assert import_codings(session, world.consultation, content, "n.qdpx", by=world.director).themes <= len(
        codes
    )


def test_codings_come_from_a_table(session: Session, world: World) -> None:
    themes_in(session, world)
    [first] = approved(session, world, text="Talk to them; often.")
    rows = (
        '"Talk to them; often.",dialogue unity',
        "Nobody said this,unity",
        '"talk TO them, often",Deterrence;no such',
    )
    table = "\n".join(("text,themes", *rows, ""))
    taken = import_codings(session, world.consultation, table.encode(), "c.csv", by=world.director)
    assert (taken.given, taken.unmatched, taken.unknown) == (3, 1, {"no such"})
    assert theme_codes(session, [first.id]) == {first.id: ("deterrence", "dialogue", "unity")}
    for bad in (b"words\nx\n", b"PK\x03\x04", b""):
        with pytest.raises(Invalid):
            import_codings(session, world.consultation, bad, "c.csv", by=world.director)
    with pytest.raises(Invalid):
        import_codings(session, world.consultation, b"PK\x03\x04", "c.qdpx", by=world.director)


@pytest.mark.parametrize("part", ["project.qde", "sources/a.txt"])
def test_a_project_with_a_broken_part_is_told(part: str) -> None:
    """Bytes of the packed stream itself were changed, with its checksum where it was."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(part, "<Project/>" * 500)
    content = bytearray(written.getvalue())
    stream = 30 + len(part)
    content[stream : stream + 8] = b"\xff" * 8
    for read in (read_project, read_codebook):
        with pytest.raises(Invalid, match="broken"):
            read(bytes(content), "p.qdpx")
