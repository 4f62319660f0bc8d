"""When the same answers were changed in two places: both are shown, and each is chosen by hand."""

from django.shortcuts import render
from django.utils.translation import gettext as _

from ...actions import journal
from ...actions.pages import values_of
from ...answers import is_empty, is_same, part_in_words, plan_keys
from ...formats.dates import named
from ...forms.page_form import OF_THE_PAGE
from ...method.grammar import LINE, PLAN, TEXT
from ...models import Pupil
from ..labels import ROLES

KEEP = "keep-"
NOT_PASSED_ON = {"csrfmiddlewaretoken", "made_for", "resolve", "go", "autosave", *OF_THE_PAGE}


def show(request, location, conflict):
    """The page on which to choose, as the answer to the save that clashed (409)."""
    journal.record(
        journal.VIEW, by=request.user, case=location.case, thing=f"{location.label}/clash"
    )
    name = location.case.pupil.first_name
    rows = []
    for key in sorted(conflict.mine):
        question = _question(location, key)
        rows.append(
            {
                "name": _field_name(key),
                "label": _label(location, key, question),
                "mine": _words(key, question, conflict.mine[key], name),
                "theirs": _words(key, question, conflict.theirs[key], name),
                "value": _posted(conflict.mine[key]),
                "both": question is not None and question.kind in (TEXT, LINE),
            }
        )
    names = {row["name"] for row in rows}
    rest = [
        (field, value)
        for field in request.POST
        for value in request.POST.getlist(field)
        if field not in NOT_PASSED_ON and field not in names and not field.startswith(KEEP)
    ]
    context = {
        "section": "cases",
        "case": location.case,
        "step": location.step,
        "page": location.page,
        "pupil_name": name,
        "conflicts": rows,
        "rest": rest,
        "version": conflict.record.version,
        "own": conflict.own,
        "other_name": conflict.record.saved_by.name
        if conflict.record.saved_by
        else _("A colleague"),
        "other_time": conflict.record.saved_at,
    }
    return render(request, "cases/edit_conflict.html", context, status=409)


def chosen(request, location):
    """The form as chosen: mine, theirs or both for each answer, on the version that was
    compared.
    """
    data = request.POST.copy()
    record = location.record()
    now = values_of(location, record)
    other = record.saved_by.name if record.saved_by else _("A colleague")
    own = record.saved_by_id == request.user.pk
    for field, choice in request.POST.items():
        if not field.startswith(KEEP):
            continue
        name = field.removeprefix(KEEP)
        theirs = now.get(_key(name), "")
        if choice == "theirs":
            data.setlist(name, _posted(theirs) if isinstance(theirs, list) else [_posted(theirs)])
        elif choice == "both":
            mine = data.get(name, "")
            data[name] = (
                f"{theirs}\n{mine}" if own else f"{other}: {theirs}\n{request.user.name}: {mine}"
            )
    return data


def joined(location, record, typed) -> dict:
    """What is recorded now and differs from what was typed: field name to what that field is to
    hold.

    Another person filled it in while this page was open. A page that goes on with the record's new
    version has to show it, or its next save would put back what it had shown before.
    """
    now = values_of(location, record)
    return {
        _field_name(key): _posted(now.get(key))
        for key, value in typed.items()
        if not is_same(now.get(key), value)
    }


def _posted(value):
    """A value as the field that holds it is posted: text, or a list of texts."""
    if isinstance(value, list):
        return [str(each) for each in value]
    return "" if is_empty(value) else ("on" if value is True else str(value))


def _field_name(key):
    return key.replace("role:", "role-", 1) if key.startswith("role:") else key


def _key(name):
    return name.replace("role-", "role:", 1) if name.startswith("role-") else name


def _question(location, key):
    base = key.partition(":")[0]
    for question in location.page.questions:
        keys = plan_keys(question) if question.kind == PLAN else (question.key,)
        if base in keys:
            return question
    return None


def _label(location, key, question):
    pupil_name = location.case.pupil.first_name
    base, _colon, person = key.partition(":")
    if base == "role":
        pupil = Pupil.objects.filter(school_id=location.case.school_id, pk=person).first()
        return f"{pupil}: {_('Role in the group')}" if pupil else _("Support group")
    if question is None:
        return _("Why this group?") if base == "balance_reason" else base
    label = named(question.label, pupil_name)
    if question.kind == PLAN and base != question.key:
        part = _("the time") if base == plan_keys(question)[1] else _("why on this day")
        label = f"{label} ({part})"
    for member in location.round.members.select_related("pupil"):
        if person and str(member.pk) == person:
            return f"{member.pupil.first_name}: {label}"
    return label


def _words(key, question, value, name):
    """A value as a person reads it."""
    if key.startswith("role:"):
        return str(ROLES.get(value, _("not in the group")))
    return part_in_words(question, key, value, name=name) or _("(empty)")
