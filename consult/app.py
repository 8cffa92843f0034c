"""The web application: a short list of things put together."""

from datetime import timedelta

from consult.core.database import Database
from consult.core.sealing import Seal
from consult.jobs.registry import job_queue
from consult.settings import Settings
from consult.web.account import account
from consult.web.admin import admin
from consult.web.api import api
from consult.web.desk import desk
from consult.web.development import development
from consult.web.errors import init_errors
from consult.web.headers import init_headers
from consult.web.pages import init_pages
from consult.web.participate import participate
from consult.web.public import public
from consult.web.public.ready import ReadyPages
from consult.web.session_cookie import CookieSessions
from consult.web.signing_in import init_signing_in
from consult.web.transactions import TransactionalFlask, end_session

LARGEST_REQUEST = 8 * 1024 * 1024
LARGEST_FORM = 1024 * 1024


def create_app(settings: Settings, database: Database | None = None) -> TransactionalFlask:
    """A WSGI application on the given settings. The database must be at the newest migration."""
    app = TransactionalFlask("consult.web", template_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        # With the prefix a browser takes the cookie from this host alone: a neighbour under the same domain sets none.
        SESSION_COOKIE_NAME="__Host-consult" if settings.secure_cookies else "consult",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        IDLE=timedelta(minutes=settings.idle_minutes),
        WTF_CSRF_TIME_LIMIT=settings.session_hours * 3600,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
    )
    app.session_interface = CookieSessions()
    app.database = database or Database(settings.database_url)
    queue = job_queue(settings, app.database)
    app.hand_over = queue.hand_over
    app.extensions.update(database=app.database, settings=settings, seal=Seal(settings.link_key), queue=queue)
    app.teardown_appcontext(end_session)
    init_headers(app)
    init_signing_in(app)
    init_pages(app, settings)
    init_errors(app)
    for audience in (public, api, participate, account, desk, admin):
        app.register_blueprint(audience)
    if settings.development:
        app.register_blueprint(development)
    app.wsgi_app = ReadyPages(app, app.wsgi_app)  # type: ignore[method-assign]
    return app
