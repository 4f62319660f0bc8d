"""Checks at start-up: mail that reaches somebody, private files, a shared cache, keys that open
what was written.
"""

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register

from .crypto.keyring import CannotOpen

PER_PROCESS = ("locmem", "dummy")
START = "start"  # what is asked before anything is served, sent or asked (noblame/starting.py)


@register(START, deploy=True)
def mail_goes_somewhere(app_configs, **kwargs):
    """Reminders are marked as sent once the mail is taken: a folder takes everything, and nobody
    reads it.
    """
    from .reminders.mail_sweep import SET_A_SERVER, mail_goes_nowhere

    return [Error(SET_A_SERVER, id="cases.E003")] if mail_goes_nowhere() else []


@register(Tags.security, START)
def files_are_private(app_configs, **kwargs):
    """Files that others on this machine can read and that could not be closed to them."""
    return [
        Warning(
            f"{path} can be read by other accounts on this machine, and is not ours alone to "
            "close: put Steentje's data in a folder of its own, or run chmod -R go= on it.",
            id="cases.W004",
        )
        for path in settings.OPEN_FILES
    ]


@register(Tags.security, START, deploy=True)
def shared_cache(app_configs, **kwargs):
    """Readings of calendar addresses are counted in it; one per process would multiply that
    limit.
    """
    backend = settings.CACHES["default"]["BACKEND"]
    if any(word in backend for word in PER_PROCESS):
        return [
            Error(
                "The cache must be shared by all processes: set STEENTJE_REDIS_URL.",
                id="cases.E001",
            )
        ]
    return []


@register(Tags.database)
def keys_open_the_data(app_configs, databases=None, **kwargs):
    """Read one sealed value of each school, so that a wrong key is noticed before anything is
    written.
    """
    if not databases:
        return []
    from django.db import connection

    from .models import School

    if School._meta.db_table not in connection.introspection.table_names():
        return []
    for school in School.objects.only("key_check").iterator():
        try:
            if school.key_check != School.KEY_CHECK:
                raise CannotOpen("the sealed value of a school was emptied or replaced")
        except CannotOpen as error:
            return [
                Error(
                    f"STEENTJE_ENCRYPTION_KEYS does not open the data in this database: {error}",
                    hint="Put back the keys this database was written with.",
                    id="cases.E002",
                )
            ]
    return []
