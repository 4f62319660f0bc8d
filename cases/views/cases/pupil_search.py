"""What the group picker shows: pupils of the class group, of other groups, and those searched
for.
"""

import json
import uuid
from urllib.parse import urlencode

from ...actions import group
from ...method import METHOD
from ...method.grammar import WHO_CAN_HELP
from ...models import ClassGroup, GroupMember, PageRecord, Pupil
from ...people import names
from ..labels import ADVICE

MOST_SHOWN = 60


def query(request) -> str:
    """The address part that searches, from the buttons of the picker."""
    wanted = {"q": request.POST.get("q", "")[:80], "group": request.POST.get("group", "")}
    return urlencode({key: value for key, value in wanted.items() if value})


def context(request, location, form) -> dict:
    """Rows of pupils with their role in this group, advice about the balance, and the other
    groups.
    """
    case, roles = location.case, form.group.shown()
    rows = _rows(request, case, roles)
    involved, others = _counts(roles)
    notes = [
        (key, str(ADVICE[key]).replace("{n}", str(n))) for key, n in group.advice(involved, others)
    ]
    return {
        "rows": rows,
        "q": request.GET.get("q", ""),
        "groups": ClassGroup.objects.filter(school=case.school, active=True),
        "chosen_group": request.GET.get("group", ""),
        "involved": involved,
        "others": others,
        "total": involved + others,
        "advice": notes,
        "advice_templates": ADVICE,
        "advice_table": _advice_table(len(rows)),
        "helpers_said": _said_before(location),
        "reason_field": form["balance_reason"],
        "more": len(rows) >= MOST_SHOWN,
    }


def _advice_table(most) -> str:
    """The advice for every group of at most so many pupils, for the script that counts along: JSON
    in which ``table[involved][others]`` lists pairs of a place in ADVICE and a number.
    """
    places = {key: place for place, key in enumerate(ADVICE)}
    table = [
        [
            [(places[key], n) for key, n in group.advice(involved, others)]
            for others in range(most - involved + 1)
        ]
        for involved in range(most + 1)
    ]
    return json.dumps(table, separators=(",", ":"))


def _counts(roles):
    chosen = [role for role in roles.values() if role]
    involved = sum(role in GroupMember.INVOLVED for role in chosen)
    return involved, len(chosen) - involved


def _rows(request, case, roles):
    """The pupil's own group, whoever is in the support group, and what was searched; the pupil
    not.
    """
    pupils = Pupil.objects.of(request.user).exclude(pk=case.pupil_id).select_related("group")
    chosen = [pupil for pupil, role in roles.items() if role]
    text, wanted = request.GET.get("q", "")[:80], as_uuid(request.GET.get("group", ""))
    if names.search_words(text):
        shown = pupils.named(text)
    elif wanted and ClassGroup.objects.filter(school=case.school, pk=wanted).exists():
        shown = pupils.filter(group_id=wanted)
    else:
        shown = (
            pupils.filter(group_id=case.pupil.group_id) if case.pupil.group_id else pupils.none()
        )
    found = list(pupils.filter(pk__in=chosen))
    known = {pupil.pk for pupil in found}
    found += [pupil for pupil in shown[:MOST_SHOWN] if pupil.pk not in known]
    busy = group.elsewhere(case.school_id, case=case)
    among = [(p.first_name, p.prefix, p.last_name, p.group.name if p.group else "") for p in found]
    return [
        {
            "pupil": pupil,
            "id": str(pupil.pk),
            "name": names.short_name(
                pupil.first_name,
                pupil.prefix,
                pupil.last_name,
                among=among,
                group=pupil.group.name if pupil.group else "",
            ),
            "role": roles.get(str(pupil.pk), ""),
            "busy": pupil.pk in busy,
            "other_group": pupil.group.name
            if pupil.group_id != case.pupil.group_id and pupil.group
            else "",
        }
        for pupil in found
    ]


def as_uuid(text) -> uuid.UUID | None:
    """An id from an address; None when it is no id."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _said_before(location):
    """Whom the pupil named in the first talk, beside the picker (S1.9, S1.10)."""
    named_on = METHOD.page_for(WHO_CAN_HELP)
    if named_on is None:
        return []
    step, page = named_on
    first = PageRecord.objects.filter(
        round__case=location.case, step=step.key, page=page.key
    ).first()
    if first is None:
        return []
    asked = [question.key for question in page.questions if question.purpose == WHO_CAN_HELP]
    return [first.answers[key] for key in asked if first.answers.get(key)]
