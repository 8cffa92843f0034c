"""A Word file packed so that nothing in it tells when or where it was made."""

import io
import zipfile

_DAY = (2000, 1, 1, 0, 0, 0)


def packed(content: bytes) -> bytes:
    """The same parts in the order of their names, with one fixed time."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as parts,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as again,
    ):
        names = sorted(parts.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            entry = zipfile.ZipInfo(name, _DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            again.writestr(entry, parts.read(name))
    return out.getvalue()
