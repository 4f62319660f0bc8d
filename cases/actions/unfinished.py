"""When something was last written in what was begun and not finished: a step, or a later check."""

import datetime

from django.db.models import Max

from ..models import Appointment, PageRecord, Round, StepRecord
from .page_location import LATER


def check_saved_at(case_round: Round) -> datetime.datetime | None:
    """When something was last written in a later check that was not finished; None when there is
    none.
    """
    held = Appointment.objects.filter(
        round=case_round, kind__in=Appointment.LATER, state=Appointment.HELD
    )
    records = PageRecord.objects.filter(round=case_round, step=LATER).exclude(
        page__in=held.values("kind")
    )
    last: datetime.datetime | None = records.aggregate(last=Max("saved_at"))["last"]
    return last


def draft_saved_at(case_round: Round, step: str) -> datetime.datetime | None:
    """When something was last written in the step that is open; None when nothing was."""
    done = StepRecord.objects.filter(round=case_round, step=step).exclude(state=StepRecord.OPEN)
    if done.exists():
        return None
    records = PageRecord.objects.filter(round=case_round, step=step)
    last: datetime.datetime | None = records.aggregate(last=Max("saved_at"))["last"]
    return last
