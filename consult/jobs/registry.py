"""Which function does which kind of promised work."""

from functools import partial

from huey import crontab

from consult.core.database import Database
from consult.core.mail.actions import SEND
from consult.core.mail.mailbox import mailer_for
from consult.core.mail.sending import Mailer
from consult.core.throttle import forget_tries
from consult.exports.prepared.actions import PREPARE
from consult.jobs.count_choices import count_what_is_due
from consult.jobs.empty_log import empty_log
from consult.jobs.end_pilots import end_pilots_at_opening
from consult.jobs.find_hints import make_the_round
from consult.jobs.forget_drafts import forget_drafts
from consult.jobs.keep_tallies import keep_tallies
from consult.jobs.note_alive import note_alive
from consult.jobs.prepare_export import PrepareExport, remove_exports
from consult.jobs.queue import Errand, Job, JobQueue
from consult.jobs.release_answers import release_after_closing
from consult.jobs.remind_moderators import HOUR, remind_moderators
from consult.jobs.remind_participants import remind_participants
from consult.jobs.render_edition import render_edition
from consult.jobs.send_mail import SendMail
from consult.jobs.suggest_themes import suggest_themes
from consult.reports.actions import RENDER
from consult.settings import Settings

JOBS: dict[str, Job] = {RENDER: render_edition}


def job_queue(settings: Settings, database: Database, mailer: Mailer | None = None) -> JobQueue:
    """This installation's queue with every kind of work that the product knows."""
    errands: dict[str, Errand] = {
        SEND: SendMail(settings, mailer or mailer_for(settings)),
        PREPARE: PrepareExport(settings),
    }
    queue = JobQueue(settings, database, JOBS, errands)
    queue.huey.periodic_task(crontab(minute="*"), name="find_hints")(partial(make_the_round, database))
    queue.huey.periodic_task(crontab(minute="*"), name="keep_tallies")(partial(keep_tallies, database))
    queue.huey.periodic_task(crontab(minute="*"), name="suggest_themes")(partial(suggest_themes, database))
    queue.huey.periodic_task(crontab(minute="*"), name="release_answers")(
        partial(release_after_closing, database)
    )
    queue.huey.periodic_task(crontab(minute="*"), name="end_pilots")(partial(end_pilots_at_opening, database))
    queue.huey.periodic_task(crontab(minute="*/5"), name="remind_participants")(
        partial(remind_participants, database)
    )
    queue.huey.periodic_task(crontab(minute="*"), name="count_choices")(partial(count_what_is_due, database))
    queue.huey.periodic_task(crontab(minute="*"), name="remove_exports")(
        partial(remove_exports, settings, database)
    )
    queue.huey.periodic_task(crontab(minute="*"), name="note_alive")(partial(note_alive, settings))
    queue.huey.periodic_task(crontab(minute="*"), name="forget_tries")(partial(forget_tries, database))
    queue.huey.periodic_task(crontab(minute="*/5"), name="empty_log")(partial(empty_log, database))
    queue.huey.periodic_task(crontab(minute="7"), name="forget_drafts")(partial(forget_drafts, database))
    morning = crontab(minute="5", hour=HOUR)
    queue.huey.periodic_task(morning, name="remind_moderators")(partial(remind_moderators, database))
    return queue
