"""Prints that take a while: claimed, made part by part, stopped, forgotten.

A row says what is asked. Who makes it holds it by a lease that grows with each part; between two
parts the row is looked at, so that stopping takes effect within one. A worker that dies leaves a
lease that runs out, and another begins again; one that comes back late finds that the row is no
longer its own and changes nothing.
"""

import datetime
import logging
import time
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from ..actions import print_requests
from ..models import Case, PrintJob
from . import next_school_day, pdf_merge, print_choices
from .documents import DocumentPart
from .pdf_rendering import PaperRefused

log = logging.getLogger(__name__)

LEASE = datetime.timedelta(seconds=90)  # longer than one part may take
MOST_ATTEMPTS = 3
LONGEST_SECONDS = 120  # of one run; the task itself ends at four minutes


class Lost(Exception):
    """The row is no longer this worker's: it was stopped, or its lease ran out."""


def run(now: datetime.datetime | None = None) -> int:
    """Make what is waiting and forget what is old; returns how many prints ended well."""
    if not PrintJob.objects.exists():
        return 0
    stop_at, made = time.monotonic() + LONGEST_SECONDS, 0
    print_requests.forget_prints(now or timezone.now())
    while time.monotonic() < stop_at:
        job = claim(now or timezone.now())
        if job is None:
            return made
        made += make(job)
    return made


def claim(now: datetime.datetime) -> PrintJob | None:
    """The oldest print that nobody makes, held for the length of a lease; None when there is
    none.
    """
    waiting = PrintJob.objects.filter(state__in=PrintJob.OPEN).order_by("created_at", "pk")
    for job in waiting.defer("result"):
        if job.lease_until is not None and job.lease_until > now:
            continue
        mine = PrintJob.objects.filter(
            pk=job.pk, state=job.state, lease_until=job.lease_until, attempts=job.attempts
        )
        held = mine.update(
            state=PrintJob.RUNNING, lease_until=now + LEASE, attempts=job.attempts + 1, done=0
        )
        if not held:
            continue
        job.state, job.lease_until, job.attempts = PrintJob.RUNNING, now + LEASE, job.attempts + 1
        if job.attempts > MOST_ATTEMPTS:
            _fail(job, "")
            continue
        return PrintJob.objects.select_related("owner", "school").get(pk=job.pk)
    return None


def make(job: PrintJob) -> bool:
    """Make a claimed print; whether it ended well. Nothing that goes wrong here reaches the
    caller.
    """
    try:
        with translation.override(job.language), timezone.override(ZoneInfo(job.school.timezone)):
            _keep(job, pdf_merge.merged(list(_made(job))))
    except Lost:
        return False
    except PaperRefused as refused:
        with translation.override(job.language):
            _fail(job, str(refused.message))
        return False
    except Exception as error:  # noqa: BLE001  (whatever it is: the others go on, and this one is tried again)
        log.warning("print %s was not made: %s", job.pk, type(error).__name__)
        _fail(job, "") if job.attempts >= MOST_ATTEMPTS else _release(job)
        return False
    return True


def _made(job: PrintJob) -> Iterator[bytes]:
    """The parts one after the other; after each the row is told how far it is."""
    parts = _parts(job)
    _tell(job, 0, total=len(parts))
    for number, part in enumerate(parts, start=1):
        yield part.make()
        _tell(job, number, total=len(parts))


def _parts(job: PrintJob) -> list[DocumentPart]:
    """What is to be made, asked of the tables now: a right that was taken away is gone here as
    well.
    """
    user = job.owner
    user.membership = (
        user.memberships.filter(school=job.school_id, active=True).select_related("school").first()
    )
    choices = print_choices.read(job.order.get("choices"))
    items = [item for item in job.order.get("items", ()) if isinstance(item, dict)]
    wanted = {item["case"] for item in items if isinstance(item.get("case"), str)}
    rows = Case.objects.visible_to(user).filter(pk__in=wanted)
    rows = rows.select_related("school", "pupil", "pupil__group", "leader")
    cases = {str(case.pk): case for case in rows if user.has_perm("case.print", case)}
    found = next_school_day.all_parts(items, user, cases, choices, job.language)
    if not found:
        raise PaperRefused(_("There is nothing to print here."))
    return found


def _mine(job: PrintJob) -> QuerySet[PrintJob]:
    return PrintJob.objects.filter(pk=job.pk, state=PrintJob.RUNNING, attempts=job.attempts)


def _tell(job: PrintJob, done: int, *, total: int) -> None:
    """Note how far it is and hold the row longer. Lost when it was stopped or taken over."""
    if not _mine(job).update(done=done, total=total, lease_until=timezone.now() + LEASE):
        raise Lost


@transaction.atomic
def _keep(job: PrintJob, data: bytes) -> None:
    kept = _mine(job).select_for_update().first()
    if kept is None:
        raise Lost
    kept.state, kept.result, kept.finished_at, kept.lease_until = (
        PrintJob.DONE,
        data,
        timezone.now(),
        None,
    )
    # An earlier release could be asked for roles (M2); what was made here has none.
    kept.order.pop("roles", None)
    kept.save(update_fields=["state", "result", "finished_at", "lease_until", "order"])


@transaction.atomic
def _fail(job: PrintJob, problem: str) -> None:
    kept = _mine(job).select_for_update().first()
    if kept is None:
        return
    kept.state, kept.problem, kept.finished_at = PrintJob.FAILED, problem, timezone.now()
    kept.lease_until = None
    kept.save(update_fields=["state", "problem", "finished_at", "lease_until"])


def _release(job: PrintJob) -> None:
    """Give it back at once: the next run tries again."""
    _mine(job).update(lease_until=None)
