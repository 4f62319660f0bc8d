"""When two people changed the same answers: both are shown, and each is chosen by hand."""

import datetime

from django.shortcuts import render
from django.utils.translation import gettext as _

from ..actions import journal
from ..actions.pages import values_of
from ..method.grammar import LINE, PLAN, TEXT
from ..templatetags.steentje import longday

KEEP = "keep-"


def show(request, where, conflict):
    """The page on which to choose, as the answer to the save that clashed (409)."""
    journal.record(journal.VIEW, by=request.user, case=where.case, thing=f"{where.label}/clash")
    name = where.case.pupil.first_name
    rows = []
    for key in sorted(conflict.mine):
        question = _question(where, key)
        rows.append(
            {
                "name": _field_name(key),
                "label": _label(where, key, question),
                "mine": _words(where, key, question, conflict.mine[key]),
                "theirs": _words(where, key, question, conflict.theirs[key]),
                "value": conflict.mine[key],
                "both": question is not None and question.kind in (TEXT, LINE),
            }
        )
    rest = [
        (name, value)
        for name in request.POST
        for value in request.POST.getlist(name)
        if name not in {"csrfmiddlewaretoken", "made_for", "version", "resolve", "go", "autosave"}
        and name not in {row["name"] for row in rows}
        and not name.startswith(KEEP)
    ]
    context = {
        "section": "cases",
        "case": where.case,
        "step": where.step,
        "page": where.page,
        "pupil_name": name,
        "conflicts": rows,
        "rest": rest,
        "version": conflict.record.version,
        "other_name": conflict.record.saved_by.name if conflict.record.saved_by else _("A colleague"),
        "other_time": conflict.record.saved,
    }
    return render(request, "cases/clash.html", context, status=409)


def chosen(request, where):
    """The form as chosen: mine, theirs or both for each answer, on the version that was compared."""
    data = request.POST.copy()
    now = values_of(where)
    record = where.record()
    other = record.saved_by.name if record.saved_by else _("A colleague")
    for field, choice in request.POST.items():
        if not field.startswith(KEEP):
            continue
        name = field.removeprefix(KEEP)
        theirs = now.get(_key(name), "")
        if choice == "theirs":
            data.setlist(
                name, [str(each) for each in theirs] if isinstance(theirs, list) else [_plain(theirs)]
            )
        elif choice == "both":
            mine = data.get(name, "")
            data[name] = f"{other}: {theirs}\n{request.user.name}: {mine}"
    return data


def joined(where, record, typed) -> dict:
    """What is recorded now and differs from what was typed: field name to what that field is to hold.

    Another person filled it in while this page was open. A page that goes on with the record's new
    version has to show it, or its next save would put back what it had shown before.
    """
    now = values_of(where, record)
    return {
        _field_name(key): now[key] if isinstance(now.get(key), list) else _plain(now.get(key))
        for key, value in typed.items()
        if (now.get(key) or value) and now.get(key) != value
    }


def _plain(value):
    return "" if value in (None, False) else ("on" if value is True else str(value))


def _field_name(key):
    return key.replace("role:", "role-", 1) if key.startswith("role:") else key


def _key(name):
    return name.replace("role-", "role:", 1) if name.startswith("role-") else name


def _question(where, key):
    base = key.partition(":")[0]
    for question in where.page.questions:
        if question.key == base or (question.kind == PLAN and base.startswith(f"{question.key}_")):
            return question
    return None


def _label(where, key, question):
    label = question.label if question else _("Support group")
    person = key.partition(":")[2]
    for member in where.round.members.select_related("pupil"):
        if person and str(member.pk) == person:
            return f"{member.pupil.first_name}: {label}"
    return label


def _words(where, key, question, value):
    """A value as a person reads it."""
    if value in (None, "", []):
        return _("(empty)")
    if question is not None and question.choices:
        labels = {choice.key: str(choice.label) for choice in question.choices}
        keys = value if isinstance(value, list) else [value]
        return ", ".join(labels.get(each, str(each)) for each in keys)
    if value is True:
        return _("yes")
    if question is not None and question.kind in (PLAN, "date") and len(str(value)) == 10:
        return longday(datetime.date.fromisoformat(value))
    return str(value)
