"""The application's configuration: registers checks and permissions when Django starts."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from . import access, checks  # noqa: F401  (registering is their effect)
