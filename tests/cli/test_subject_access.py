"""`subject-access`: a pack for one person, in a file that nobody else on the machine reads."""

import zipfile
from pathlib import Path

from consult.settings import Settings
from tests.cli.commands import refused, run
from tests.factories import World


def test_the_pack_is_a_file_for_its_owner_alone(settings: Settings, world: World, tmp_path: Path) -> None:
    out = tmp_path / "held.zip"
    email = world.participant.participant.email
    result = run(settings, "subject-access", world.slug, email.upper(), "--out", out)
    assert result.output == f"Wrote {out}, for that person alone.\n"
    assert out.stat().st_mode & 0o077 == 0
    assert email in zipfile.ZipFile(out).read("held.json").decode()
    told = refused(
        run(settings, "subject-access", world.slug, "nobody@example.org", "--out", tmp_path / "none")
    )
    assert "Nobody on the roster" in told
    assert [path.name for path in tmp_path.iterdir()] == [out.name]
