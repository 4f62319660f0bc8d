"""The pupil's letter or drawing: kept with the case as a cleaned photo, or noted as lying on
paper.
"""

from uuid import UUID

from django.db import transaction

from ..models import Case, Enclosure, User
from ..uploads.images import Photo
from . import journal
from .step_order import lock_case


class TooManyEnclosures(Exception):
    """The case has as many enclosures as it may have."""


@transaction.atomic
def add_enclosure(
    case: Case, kind: str, *, photo: Photo | None = None, by: User, client_key: UUID
) -> Enclosure:
    """Keep a letter or drawing (S1.11). ``photo`` was cleaned by `images.clean_photo`; None: on
    paper.

    The same ``client_key`` again returns the same enclosure. Raises TooManyEnclosures past the
    limit.
    """
    lock_case(case)
    if known := Enclosure.objects.filter(case=case, client_key=client_key).first():
        return known
    if Enclosure.objects.filter(case=case).count() >= Enclosure.MOST_PER_CASE:
        raise TooManyEnclosures
    enclosure = Enclosure(
        school_id=case.school_id,
        case=case,
        kind=kind,
        on_paper=photo is None,
        added_by=by,
        client_key=client_key,
    )
    if photo is not None:
        enclosure.image, enclosure.mime = photo.data, photo.mime
        enclosure.width, enclosure.height = photo.width, photo.height
    enclosure.save()
    journal.record(
        journal.CHANGE, by=by, case=case, thing=f"enclosure/{enclosure.pk}", fields=[kind]
    )
    return enclosure


@transaction.atomic
def remove_enclosure(enclosure: Enclosure, *, by: User) -> None:
    """Take an enclosure off the case for good, for instance because the pupil asked. Nothing
    happens when somebody else did so a moment before.
    """
    case = lock_case(enclosure.case_id)
    gone, _rows = Enclosure.objects.filter(pk=enclosure.pk).delete()
    if gone:
        journal.record(
            journal.CHANGE,
            by=by,
            case=case,
            thing=f"enclosure/{enclosure.pk}",
            fields=["removed"],
        )
