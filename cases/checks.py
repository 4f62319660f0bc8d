"""Checks at start-up: a shared cache for the sign-in limits, and keys that open what was written."""

from django.conf import settings
from django.core.checks import Error, Tags, register

from .keyring import CannotOpen

PER_PROCESS = ("locmem", "dummy")


@register(Tags.security, deploy=True)
def shared_cache(app_configs, **kwargs):
    """Sign-in limits count in the cache; one per process would multiply them (security report 5.2)."""
    backend = settings.CACHES["default"]["BACKEND"]
    if any(word in backend for word in PER_PROCESS):
        return [Error("The cache must be shared by all processes: set STEENTJE_REDIS_URL.", id="cases.E001")]
    return []


@register(Tags.database)
def keys_open_the_data(app_configs, databases=None, **kwargs):
    """Read one sealed value of each school, so that a wrong key is noticed before anything is written."""
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
