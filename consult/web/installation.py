"""What this installation works with, as `create_app` put it together: behind one module, so that it has types."""

from typing import cast

from flask import current_app

from consult.core.database import Database
from consult.core.sealing import Seal
from consult.settings import Settings


def current_settings() -> Settings:
    """The settings in force."""
    return cast(Settings, current_app.extensions["settings"])


def current_database() -> Database:
    """The database, for what opens its own transactions: a throttle, a download. Views take `current_session`."""
    return cast(Database, current_app.extensions["database"])


def current_seal() -> Seal:
    """What opens the one link from an invitation to its response, and its draft."""
    return cast(Seal, current_app.extensions["seal"])


def site_address() -> str:
    """Where people find this site, with no slash at the end: for addresses that leave the page, in mail or print."""
    return current_settings().base_url.rstrip("/")
