"""`import participants` and `import responses`."""

import click


@click.group("import")
def import_group() -> None:
    """Take in a roster, or answers that were gathered elsewhere."""
