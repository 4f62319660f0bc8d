"""What Celery runs. Tasks take no contents: the rows say what is to be done."""

from celery import shared_task

from . import outages, reminders
from .accounts import reset_mail, sign_in_limits
from .printing import job_queue


@shared_task(name="cases.tasks.sweep", soft_time_limit=240, time_limit=300, ignore_result=True)
def sweep() -> None:
    """Send the reminders that are due. Running twice at once, or once too often, sends nothing
    twice.
    """
    _unless_out("sweep", reminders.sweep)


@shared_task(name="cases.tasks.print_jobs", soft_time_limit=240, time_limit=300, ignore_result=True)
def print_jobs() -> None:
    """Make the prints that are waiting. Cheap when there are none; any number of these may run at
    once.
    """
    _unless_out("print_jobs", job_queue.run)


@shared_task(
    name="cases.tasks.account_mail", soft_time_limit=240, time_limit=300, ignore_result=True
)
def account_mail() -> None:
    """Mail the links to a new password that were asked for. Cheap when there are none."""
    _unless_out("account_mail", _account_mail)


def _account_mail():
    reset_mail.send_waiting()
    reset_mail.forget_old()
    sign_in_limits.forget_old()


def _unless_out(name, work):
    """Do the work. In an outage it is left for the next time, with one line instead of a traceback
    each.
    """
    try:
        work()
    except Exception as error:
        kind = outages.kind_of(error)
        if kind is None:
            raise
        outages.note(kind, error, f"task {name}")
