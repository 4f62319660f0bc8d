"""Steentje: the project around the `cases` application."""

__version__ = "0.4.0.dev0"  # the only place: settings, pages and CHANGELOG.md follow it

from .celery import app as celery_app

__all__ = ["__version__", "celery_app"]
