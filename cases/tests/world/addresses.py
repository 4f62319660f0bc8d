"""How each address is reached in the whole school, what is posted there, and what changed."""

import uuid

from django.apps import apps
from django.db import connection

from cases.actions import slip_wording
from cases.models import Appointment
from cases.schooldays.windows import DEFAULT_WINDOWS


def addresses(told) -> dict[str, list]:
    """The arguments with which each URL name of a case is reached, for this case."""
    case, step = told.case, [told.case.pk, 1, "followup"]
    member = told.members[0].pk
    names = {
        name: [case.pk]
        for name in (
            "case case-go-on case-pause case-close case-reopen case-staff case-reason "
            "case-enclosures case-print case-sheet case-slips case-next case-notes-clear"
        ).split()
    }
    names |= {"case-plan": [case.pk, "pupil"], "case-later": [case.pk, "weeks6"]}
    names |= {"case-moved": [case.pk, "meeting"]}
    names |= {
        "case-calendar": [case.pk, Appointment.objects.get(round=told.round, kind="pupil").pk]
    }
    for name in ("case-paper", "case-paper-order", "case-paper-preview"):
        names[name] = [case.pk, "slips"]
    names |= {
        "case-paper-picture": [case.pk, "slips", 1],
        "case-paper-file": [case.pk, "slips", "kaartjes.pdf"],
        "print-job": [told.job.pk],
        "print-job-stop": [told.job.pk],
        "print-job-file": [told.job.pk, "kaartjes.pdf"],
    }
    names["case-late"] = [case.pk, uuid.UUID(int=8)]
    for name in ("case-enclosure", "case-enclosure-image", "case-enclosure-remove"):
        names[name] = [case.pk, told.enclosure.pk]
    names |= {"case-check": step, "case-finish": step, "case-skip": step}
    names |= {"case-step": [case.pk, 1, "talk", "between"]}
    names |= {"case-talk": [*step, "member", member], "case-move": [*step, "member", member]}
    return names


def slip_words(told, words) -> dict[str, str]:
    """The words for the first member's slip, as the page posts them: with what it showed."""
    member = told.members[0].pk
    idea = slip_wording.ideas_of(told.round).get(member)
    shown = (idea.slip or idea.text) if idea else ""
    return {
        f"slip-{member}": words,
        f"said-{member}": idea.text if idea else "",
        f"was-{member}": shown,
    }


def bodies(world) -> dict[str, dict]:
    """What is posted to each address: a form that is right."""
    told = world.mine
    return {
        "case-new": {
            "pupil": str(world.second.pupils[3].pk),
            "client_key": str(uuid.uuid4()),
            "signs": "none",
        }
        | {"route": "here"},
        "case-close": {"words": "Genoeg"},
        "case-staff": {"user": str(world.people["other"].pk), "what": "add"},
        "case-reason": {"reason": "Vraag van de directie"},
        "case-plan": {
            "plan": "other",
            "plan_other": told.walk.days["pupil"].isoformat(),
            "plan_at": "9.30",
        },
        "school-settings": {"free_weekdays": ["5", "6"], "place": "NL", "late_to_coordinator": "2"},
        "school-windows": {
            f"{kind}_{end}": str(day)
            for kind, days in DEFAULT_WINDOWS.items()
            for end, day in zip(("first", "last"), days, strict=True)
        },
        "school-day-add": {"name": "Schoolreis", "first": "2026-12-01"},
        "school-region": {"region": "NL-Midden", "year": ["2026"]},
        "case-enclosures": {"kind": "letter", "on_paper": "on", "client_key": str(uuid.uuid4())},
        "case-paper": slip_words(told, "Samen naar huis"),
        "case-paper-order": {"client_key": str(uuid.uuid4())},
        "tomorrow": {"client_key": str(uuid.uuid4())},
        "case-skip": {"reason": "Ziek"},
        "case-step": {"version": "1", "letter": "drawing", "may_show": "yes", "name_known": "on"},
        "case-talk": {"version": "0", "saw": "Het gaat al beter"},
        "case-move": {"to": "later"},
        "privacy-screen-enter": {"back": "/"},
        "talk-screen": {"text": "steekwoord", "pad": "onzin"},
        "choose-school": {"school": str(world.school.pk)},
        "set_language": {"language": "en", "next": "/"},
        "settings": {"spoken_name": "Juf Anna", "mail_at": "8.15", "mailed": ["today", "plan"]},
        "settings-calendar": {"what": "stop"},
    }


def photograph() -> dict:
    """Every row of the case tables, to see whether anything changed. Who looked and what was kept
    is left out.
    """
    left_out = {"JournalEntry", "JournalHead", "PendingPost", "User"}
    rows = {}
    for model in apps.get_app_config("cases").get_models():
        if model.__name__ not in left_out:
            with connection.cursor() as cursor:  # as it is stored: what is sealed counts as well
                cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')  # noqa: S608  (names of our own tables)
                rows[model.__name__] = sorted(
                    repr([_plain(each) for each in row]) for row in cursor
                )
    return rows


def _plain(value):
    return bytes(value) if isinstance(value, memoryview) else value
