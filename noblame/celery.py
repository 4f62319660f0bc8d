"""The Celery application. Tasks carry nothing: the rows they read say what is due."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init

from . import folder_queue
from .starting import refuse_unless_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "noblame.settings")

folder_queue.use()

app = Celery("noblame")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def look_whether_all_is_set(**_kwargs: Any) -> None:
    """A worker or clock that would send mail to nowhere ends here, with the line to set."""
    import django

    django.setup()
    refuse_unless_ready()


@beat_init.connect
def look_at_once(sender: Any, **_kwargs: Any) -> None:
    """When the clock starts it looks at once what is due, and not only after the first interval."""
    sender.app.send_task("cases.tasks.sweep")
