"""The Celery application. Tasks carry ids only; the rows they read say what is due."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "noblame.settings")

app = Celery("noblame")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
