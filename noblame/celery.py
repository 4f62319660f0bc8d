"""The Celery application. Tasks carry ids only; the rows they read say what is due."""

import os

from celery import Celery
from kombu.transport import filesystem

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "noblame.settings")

# A queue folder that is away is a broker that is away: the worker waits for it. Left as it is the library
# takes that for an error of its own, and the worker ends.
filesystem.Transport.connection_errors = (*filesystem.Transport.connection_errors, OSError)

app = Celery("noblame")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
