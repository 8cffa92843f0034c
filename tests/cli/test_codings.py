"""Themes and their codings leave and come back by command."""

from pathlib import Path

from sqlalchemy.orm import Session

from consult.analysis.queries import theme_codes
from consult.core.database import Database
from consult.settings import Settings
from tests.analysis.cases import approved, codebook
from tests.cli.commands import refused, run
from tests.factories import World


def test_a_project_goes_out_and_its_codings_come_in(
    settings: Settings, session: Session, database: Database, world: World, tmp_path: Path
) -> None:
    deterrence, *_ = codebook(session, world)
    [coded] = approved(session, world, world.october, deterrence)
    [plain] = approved(session, world, text="Only in the table.")
    session.commit()
    project, table = tmp_path / "p.qdpx", tmp_path / "c.csv"
    out = run(settings, "export", world.slug, "--format", "qdpx", "--profile", "desk", "--out", project)
    assert out.output == f"Wrote {project}, not for release.\n"
    assert run(settings, "export", world.slug, "--format", "qdc", "--out", "-").stdout_bytes.startswith(
        b"<?xml"
    )
    assert (
        run(settings, "export", world.slug, "--format", "qdpx", "--with-notes", "--out", "-").exit_code == 2
    )

    table.write_text("text,themes\nOnly in the table.,unity\n", encoding="utf-8")
    tried = run(settings, "import", "codings", world.slug, "--by", world.director.email, "--dry-run", table)
    assert "Codings would be given: 1" in tried.output
    refused(run(settings, "import", "codings", world.slug, "--by", world.rapporteur.email, table))
    refused(
        run(settings, "import", "codings", world.slug, "--by", world.director.email, tmp_path / "none.csv")
    )
    with database.reading() as fresh:
        assert theme_codes(fresh, [plain.id]) == {}
    for file, given in ((table, 1), (project, 0)):
        told = run(settings, "import", "codings", world.slug, "--by", world.director.email, file)
        assert f"Codings given: {given}" in told.output
    with database.reading() as fresh:
        assert theme_codes(fresh, [coded.id, plain.id]) == {coded.id: ("deterrence",), plain.id: ("unity",)}
