"""Alembic's environment: the URL comes from `core.database`, the models from every noun."""

import importlib

from alembic import context

from consult.core.database import Base, Database

MODEL_MODULES = (
    "consult.core.audit",
    "consult.core.mail.models",
    "consult.core.marks",
    "consult.core.outbox",
    "consult.core.storage",
    "consult.core.throttle",
    "consult.accounts.models",
    "consult.consultations.models",
    "consult.meetings.models",
    "consult.participants.models",
    "consult.responses.models",
    "consult.moderation.models",
    "consult.analysis.models",
    "consult.analysis.kept",
    "consult.reports.models",
    "consult.reports.approving.models",
    "consult.reports.composing.models",
    "consult.reports.following.models",
    "consult.reports.tokens.models",
    "consult.exports.prepared.models",
)

for module in MODEL_MODULES:
    importlib.import_module(module)


def include(name: str | None, _kind: str, _parents: object) -> bool:
    """The full-text indexes are made by hand, and huey makes its own tables; neither comes from a model."""
    return name is None or not name.removeprefix("ix_").startswith(("revision_words", "huey_"))


def run() -> None:
    database = Database(context.config.attributes["url"])
    with database.writer.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            include_name=include,
            render_as_batch=database.is_sqlite,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    database.close()


run()
