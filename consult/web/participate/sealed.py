"""What opens the one link from an invitation to its response, and its draft."""

from flask import current_app

from consult.core.sealing import Seal


def seal() -> Seal:
    """The seal of this installation."""
    return current_app.extensions["seal"]  # type: ignore[no-any-return]
