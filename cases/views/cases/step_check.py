"""The rows of the page on which a step is checked: every question with its answer, or "not filled
in".
"""

from django.utils.translation import gettext as _

from ... import access
from ...actions.group import members_of
from ...actions.page_location import location_of
from ...actions.pages import values_of
from ...answers import in_words, is_empty
from ...formats.dates import named
from ...method.grammar import ENCLOSURE, GROUP, MEMBER, PLAN
from ...models import PageRecord, PageRevision
from .presenters import page_url


def check_rows(case, case_round, step, user, snapshot=None) -> list[dict]:
    """For each page (and member): its title, the address to change it, the answers, and
    corrections. ``snapshot``: the RoundSnapshot of the round, when it was read.
    """
    sees_roles = access.sees_roles(user, case)
    sees_secrets = user.has_perm("case.secrets", case)
    members = members_of(case_round, snapshot)
    shown = []
    for page in step.pages:
        people = members if page.kind == MEMBER else [None]
        for member in people:
            location = location_of(case, case_round, step.key, page.key, member)
            values = values_of(location, snapshot=snapshot)
            title = named(page.title, case.pupil.first_name)
            shown.append(
                {
                    "title": f"{member.pupil.first_name}: {title}" if member else title,
                    "url": page_url(case, case_round, step, page, member, snapshot),
                    "page": page.key,
                    "answers": _answers(location, values, members, sees_secrets, sees_roles),
                    "group": _group(members, sees_roles) if page.kind == GROUP else None,
                    "revisions": _revisions(location) if sees_secrets else [],
                    "optional": page.optional,
                }
            )
    return shown


def _answers(location, values, members, sees_secrets, sees_roles):
    name = location.case.pupil.first_name
    known = set()
    for question in location.page.questions:
        label = named(question.label, name)
        known.add(question.key)
        if question.kind == ENCLOSURE:
            continue
        if (question.private and not sees_secrets) or (question.names_roles and not sees_roles):
            yield {"label": label, "text": "", "hidden": True}
            continue
        if question.per_member:
            for member in members:
                text = values.get(f"{question.key}:{member.pk}")
                text = in_words(question, text, name=name)
                yield {"label": f"{member.pupil.first_name}: {label}", "text": text}
            known.update(key for key in values if key.startswith(f"{question.key}:"))
            continue
        if question.kind == PLAN:
            known.update({f"{question.key}_at", f"{question.key}_reason"})
        text = in_words(question, values.get(question.key), name=name, values=values)
        yield {"label": label, "text": text}
    # An answer whose question is gone is still shown: a key is a promise.
    if sees_secrets:
        for key in sorted(set(values) - known):
            if (
                not key.startswith("role:")
                and ":" not in key
                and not key.endswith(("_at", "_reason"))
            ):
                yield {"label": key, "text": in_words(None, values[key])}
    if location.page.kind == GROUP and values.get("balance_reason") and sees_roles:
        yield {"label": _("Why this group?"), "text": values["balance_reason"]}


def _group(members, sees_roles):
    return [
        {"name": str(member.pupil), "role": member.role if sees_roles else ""} for member in members
    ]


def _revisions(location):
    record = PageRecord.objects.filter(
        round=location.round, step=location.step_key, page=location.page.key, member=location.member
    ).first()
    if record is None:
        return []
    name, asked = location.case.pupil.first_name, []
    for question in location.page.questions:
        label = named(question.label, name)
        if question.per_member:
            everyone = location.round.members.select_related("pupil")
            asked += [
                (f"{question.key}:{m.pk}", f"{m.pupil.first_name}: {label}", question)
                for m in everyone
            ]
        else:
            asked.append((question.key, label, question))
    return [
        {
            "when": revision.replaced_at,
            "who": revision.replaced_by,
            "answers": [
                {
                    "label": label,
                    "text": in_words(
                        question, revision.answers[key], name=name, values=revision.answers
                    ),
                }
                for key, label, question in asked
                if not is_empty(revision.answers.get(key))
            ],
        }
        for revision in PageRevision.objects.filter(record=record).select_related("replaced_by")
    ]
