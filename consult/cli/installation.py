"""What every command works on: settings, database, queue; and how a refusal is told."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from consult.consultations.models import Consultation
from consult.consultations.queries import consultation_by_slug, consultations_by_title
from consult.core.database import Database
from consult.core.errors import DomainError, NotFound
from consult.core.outbox import PROMISED
from consult.core.sealing import Seal
from consult.core.standing import require_current, why_refused
from consult.meetings.models import Meeting
from consult.meetings.queries import meeting_by_slug, meetings_of
from consult.settings import Settings, SettingsError
from consult.settings import load as load_settings

if TYPE_CHECKING:
    from consult.jobs.queue import JobQueue

LOCAL = Path("var") / "local.toml"
"""Settings of a working directory, made by `consult develop`."""


class Commands(click.Group):
    """A group whose commands tell a refusal in one sentence on standard error and end with 1."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except (DomainError, SettingsError) as error:
            raise click.ClickException(str(error)) from error
        except CommandError as error:
            raise click.ClickException(f"The database cannot be migrated: {error}.") from error
        except IntegrityError as error:
            raise click.ClickException(
                "Somebody changed the same thing at this moment. Nothing was saved: run the command again."
            ) from error
        except DBAPIError as error:
            raise click.ClickException(
                f"The database refused: {why_refused(error)}. Nothing was saved. `consult check` tells more."
            ) from error
        except BrokenPipeError:
            raise  # whoever read our output has enough
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            raise click.ClickException(f"{where}{error.strerror or error}.") from error


class Installation:
    """This machine's installation. Nothing is read or opened before a command asks for it."""

    @cached_property
    def settings(self) -> Settings:
        """The process's settings; where it was given neither file nor keys, those that `consult develop` made here."""
        given = dict(os.environ)
        if self.settings_file is not None:
            given["CONSULT_CONFIG"] = str(self.settings_file)
        return load_settings(given)

    @cached_property
    def settings_file(self) -> Path | None:
        """Where the settings are kept, if in a file."""
        if named := os.environ.get("CONSULT_CONFIG"):
            return Path(named)
        if LOCAL.is_file() and not os.environ.keys() & {
            "CONSULT_CONFIG",
            "CONSULT_SECRET_KEY",
            "CONSULT_LINK_KEY",
        }:
            return LOCAL
        return None

    @cached_property
    def database(self) -> Database:
        return Database(self.settings.database_url)

    @cached_property
    def queue(self) -> "JobQueue":
        from consult.jobs.registry import job_queue  # noqa: PLC0415 - with every kind of job, and what each needs

        return job_queue(self.settings, self.database)

    @property
    def seal(self) -> Seal:
        return Seal(self.settings.link_key)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One writing transaction, committed at its end; what it promised is handed to the queue after that."""
        self.require_current()
        with self.database.transaction() as session:
            yield session
        if session.info.pop(PROMISED, False):
            self.queue.hand_over()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One reading transaction, as of one moment."""
        self.require_current()
        with self.database.reading(still=True) as session:
            yield session

    def require_current(self) -> None:
        """Raises Refused while the database lacks a migration, or has one that this version does not know."""
        with self.database.reading() as session:
            require_current(session)

    def close(self) -> None:
        """Let go of what was opened."""
        if "queue" in self.__dict__:
            self.queue.close()
        if "database" in self.__dict__:
            self.database.close()


def consultation_named(session: Session, slug: str) -> Consultation:
    """The consultation with that slug. Raises NotFound, naming those there are."""
    consultation = consultation_by_slug(session, slug)
    if consultation is None:
        known = ", ".join(each.slug for each in consultations_by_title(session)) or "none yet"
        raise NotFound("There is no consultation %(slug)s. There are: %(known)s.", slug=slug, known=known)
    return consultation


def meeting_named(session: Session, consultation: Consultation, slug: str) -> Meeting:
    """The meeting with that slug. Raises NotFound, naming those there are."""
    meeting = meeting_by_slug(session, consultation, slug)
    if meeting is None:
        known = ", ".join(each.slug for each in meetings_of(session, consultation))
        raise NotFound(
            "%(consultation)s has no meeting %(slug)s. It has: %(known)s.",
            consultation=consultation.slug,
            slug=slug,
            known=known,
        )
    return meeting


pass_installation = click.make_pass_decorator(Installation)
