"""What Celery runs. Tasks take no contents: the rows say what is to be done."""

from celery import shared_task

from . import reminders


@shared_task(name="cases.tasks.sweep", soft_time_limit=240, time_limit=300, ignore_result=True)
def sweep() -> None:
    """Send the reminders that are due. Running twice at once, or once too often, sends nothing twice."""
    reminders.sweep()
