"""The Celery application. Tasks carry ids only; the rows they read say what is due."""

import os

from celery import Celery

from . import folder_queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "noblame.settings")

folder_queue.use()

app = Celery("noblame")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
