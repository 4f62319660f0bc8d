"""What is kept about paper: how a person prints, the school's logo, and printing that takes a
while.
"""

import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ..models import PrintJob, School, SchoolLogo, User
from ..uploads.images import Photo
from . import journal

MOST_JOBS = 5  # that one person may have waiting at once


class TooManyJobs(Exception):
    """This person has as many prints waiting as one may have."""


def remember(user: User, choices: dict[str, Any]) -> None:
    """Keep how this person prints. It is about the person alone, so no case is locked or
    journaled.
    """
    User.objects.filter(pk=user.pk).update(print_choices=choices)
    user.print_choices = choices


@transaction.atomic
def set_logo(school: School, photo: Photo, *, by: User) -> SchoolLogo:
    """Put a picture at the top of letters. ``photo`` was cleaned by `images.clean_photo`."""
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    logo = SchoolLogo.objects.filter(school=school).first() or SchoolLogo(school=school)
    logo.image, logo.mime = photo.data, photo.mime
    logo.width, logo.height, logo.added_by = photo.width, photo.height, by
    logo.save()
    journal.record(journal.CHANGE, by=by, school=school, thing="school/logo", fields=["logo"])
    return logo


@transaction.atomic
def remove_logo(school: School, *, by: User) -> None:
    """Take the picture away again; the school's name stands in its place."""
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    gone, _rows = SchoolLogo.objects.filter(school=school).delete()
    if gone:
        journal.record(
            journal.CHANGE, by=by, school=school, thing="school/logo", fields=["removed"]
        )


@transaction.atomic
def ask_print(
    school: School,
    order: dict[str, Any],
    *,
    language: str,
    filename: str,
    total: int,
    by: User,
    client_key: UUID,
) -> PrintJob:
    """Ask for paper that the worker makes. The same ``client_key`` again is the same print.

    ``order`` holds ids and keys only. Raises TooManyJobs past what one person may have waiting. The
    journal is written when it is fetched: before that nothing was printed.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if known := PrintJob.objects.filter(owner=by, client_key=client_key).first():
        return known
    if PrintJob.objects.filter(owner=by, state__in=PrintJob.OPEN).count() >= MOST_JOBS:
        raise TooManyJobs
    return PrintJob.objects.create(
        school=school,
        owner=by,
        order=order,
        language=language,
        filename=filename,
        total=total,
        client_key=client_key,
    )


@transaction.atomic
def stop_print(job: PrintJob, *, by: User) -> bool:
    """Stop a print that is not ready, or throw away one that is. False when it had ended already.

    The worker looks between two parts: what it holds then is thrown away.
    """
    stopped = PrintJob.objects.filter(pk=job.pk, state__in=(*PrintJob.OPEN, PrintJob.DONE)).update(
        state=PrintJob.STOPPED, result=b"", lease_until=None, finished_at=timezone.now()
    )
    if stopped:
        journal.record(
            journal.CHANGE,
            by=by,
            school=job.school,
            thing=f"print job/{job.pk}",
            fields=["stopped"],
        )
    return bool(stopped)


def forget_prints(now: datetime.datetime) -> int:
    """Delete what was made more than an hour ago, and what was stopped; how many rows that were."""
    hour, day = now - datetime.timedelta(hours=1), now - datetime.timedelta(days=1)
    gone, _rows = PrintJob.objects.filter(finished_at__isnull=False, finished_at__lt=hour).delete()
    # Nobody came to make it: no worker has run. Its owner has long printed in another way.
    old, _rows = PrintJob.objects.filter(state__in=PrintJob.OPEN, created_at__lt=day).delete()
    return gone + old
