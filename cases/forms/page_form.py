"""A page of the method as a form. Saving never refuses what is missing, only what cannot be
kept.
"""

import datetime
import uuid
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from ..actions import appointment_windows
from ..actions.page_location import record_of
from ..method import METHOD
from ..method.grammar import (
    CHECK,
    CHOICE,
    DATE,
    ENCLOSURE,
    GROUP,
    LINE,
    MANY,
    MEMBER,
    PLAN,
    SCALE,
    TEXT,
)
from ..method.wording import forbidden_in
from ..models import OpenedPage
from .appointment_form import PlanPart
from .form_layout import Block
from .group_picker import GroupPart
from .input_fields import DayField, LineField, WordsField

YEARS_BACK = 2
OF_THE_PAGE = ("version", "opened", "turn")  # hidden fields that are no answers
SCALE_TOP = 10


def form_for(location, *, values, version, data=None, members=(), by=None):
    """The form of a page: ``values`` as recorded, ``version`` they have, ``data`` what was posted.

    ``members`` are the members of the support group, for questions that are asked of each.
    """
    return PageForm(location, values=values, version=version, data=data, members=members, by=by)


def new_page() -> dict:
    """The hidden values of a page that is opened now: an id of its own, and nothing sent yet."""
    return {"opened": uuid.uuid4().hex, "turn": 0}


class PageForm(forms.Form):
    """Fields named after the questions' keys; those asked of each member end in ``:<member
    id>``.
    """

    # A browser that fills in again what a page held before a reload must not do so with these.
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput({"autocomplete": "off"}))
    opened = forms.CharField(required=False, widget=forms.HiddenInput({"autocomplete": "off"}))
    turn = forms.IntegerField(
        required=False, min_value=0, widget=forms.HiddenInput({"autocomplete": "off"})
    )

    def __init__(self, location, *, values, version, data=None, members=(), by=None):
        super().__init__(data, initial={**values, "version": version, **new_page()}, auto_id="q-%s")
        self.location, self.members, self.by = location, list(members), by
        self.school = location.case.school
        self.today = self.school.today()
        self.values = values
        self.plans: dict[str, PlanPart] = {}
        self.group = GroupPart(self, location, by) if location.page.kind == GROUP else None
        blocks = []
        for question in location.page.questions:
            blocks.append(self._add(question))
        beside = [block for block in blocks if block.question.kind != DATE] or blocks
        if beside:
            beside[0].page_say = location.page.say
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*OF_THE_PAGE, *blocks)

    def _add(self, question):
        if question.per_member:
            names = []
            for member in self.members:
                name = f"{question.key}:{member.pk}"
                field = self.fields[name] = self._field(question, label=member.pupil.first_name)
                field.member = member
                if question.kind == CHECK and self.initial["version"] == 0:
                    self.initial[name] = True  # mostly everyone is there
                if question.begins_with and name not in self.values:
                    self.initial[name] = self._earlier(question.begins_with).get(member.pk, "")
                names.append(name)
            return Block("cases/_question_members.html", question, names)
        if question.kind == PLAN:
            part = self.plans[question.key] = PlanPart(self, self.location, question)
            return Block("cases/_question_appointment.html", question, list(part.names), part=part)
        if question.kind == ENCLOSURE:
            return Block("cases/_question_enclosure.html", question, [])
        self.fields[question.key] = self._field(question)
        return Block("cases/_question_field.html", question, [question.key])

    def _field(self, question, label=None):
        label = question.label if label is None else label
        common = {"label": label, "help_text": question.hint}
        field: Any  # its question, and its member, are put on it
        if question.kind == TEXT:
            field = WordsField(widget=forms.Textarea(attrs={"rows": question.lines}), **common)
        elif question.kind == LINE:
            # Of several pupils each: two rows, so that their words can be read whole.
            widget = forms.Textarea(attrs={"rows": 2}) if question.per_member else forms.TextInput
            field = LineField(widget=widget, **common)
        elif question.kind == CHOICE:
            field = forms.ChoiceField(
                choices=[(choice.key, choice.label) for choice in question.choices],
                widget=forms.RadioSelect,
                required=False,
                error_messages={"invalid_choice": _("Choose one of these answers.")},
                **common,
            )
        elif question.kind == MANY:
            field = forms.MultipleChoiceField(
                choices=[(choice.key, choice.label) for choice in question.choices],
                widget=forms.CheckboxSelectMultiple,
                required=False,
                error_messages={"invalid_choice": _("Choose from these answers.")},
                **common,
            )
        elif question.kind == CHECK:
            field = forms.BooleanField(required=False, **common)
        elif question.kind == SCALE:
            field = forms.TypedChoiceField(
                choices=[(str(n), str(n)) for n in range(SCALE_TOP + 1)],
                coerce=int,
                empty_value=None,
                widget=forms.RadioSelect,
                required=False,
                error_messages={"invalid_choice": _("Choose a number from 0 to 10.")},
                **common,
            )
        elif question.kind == DATE:
            back = self.today - datetime.timedelta(days=366 * YEARS_BACK)
            latest = (
                self.today
                if question.column == "held_on"
                else self.today + datetime.timedelta(days=366)
            )
            field = DayField(today=self.today, earliest=back, latest=latest, **common)
        else:
            raise ValueError(f"no field for a question of kind {question.kind}")
        field.question = question
        if question.column == "held_on" and question.key not in self.values:
            field.initial = self._likely_day()
        return field

    def _earlier(self, key):
        """Member id to the answer given earlier in this round to another question of each
        member.
        """
        location = next(
            (
                (step, page)
                for step in METHOD.steps
                for page, each in step.questions()
                if each.key == key
            ),
            None,
        )
        record = (
            record_of(self.location.round, location[0].key, location[1].key) if location else None
        )
        answers = record.answers if record else {}
        return {member.pk: answers.get(f"{key}:{member.pk}", "") for member in self.members}

    def _likely_day(self):
        """The day a talk was probably held: as planned, when that is not ahead; a member's talk
        today.
        """
        if self.location.page.kind == MEMBER:
            return self.today
        planned = (
            appointment_windows.live(self.location.round, self.location.page.holds)
            if self.location.page.holds
            else None
        )
        return planned.date if planned and planned.date <= self.today else None

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        for part in self.plans.values():
            part.clean(cleaned)
        if self.group:
            self.group.clean(cleaned)
        return cleaned

    def typed(self) -> dict:
        """The answers that can be kept, as plain values; call after `is_valid`, valid or not."""
        kept = {}
        parts = {name for part in self.plans.values() for name in part.names}
        for name, value in self.cleaned_data.items():
            if name in OF_THE_PAGE or name in parts:
                continue
            kept[name] = value.isoformat() if isinstance(value, datetime.date) else value
        for part in self.plans.values():
            kept.update(part.typed())
        if self.group:
            kept.update(self.group.typed())
        return kept

    def leave_out_proposals(self, typed: dict):
        """Take a day out of ``typed`` that we proposed and nobody chose: typing elsewhere on the
        page, or stopping, does not mean that the talk was held.
        """
        for name, field in self.fields.items():
            question = getattr(field, "question", None)
            if question is None or question.column != "held_on" or name in self.values:
                continue
            proposed = field.initial
            if proposed is not None and typed.get(name) == proposed.isoformat():
                typed.pop(name)

    def guarded(self) -> dict[str, list[str]]:
        """Field name to words that the group does not hear, in texts prepared for it (S3.2)."""
        found = {}
        for name, field in self.fields.items():
            question = getattr(field, "question", None)
            if question is not None and question.guarded and isinstance(field, WordsField):
                words = forbidden_in(str(self[name].value() or ""))
                if words:
                    found[name] = field.guard = words
        return found

    def posted_version(self) -> int:
        """The version the form was loaded with; 0 when it was tampered with, so nothing is
        overwritten.
        """
        version = self.cleaned_data.get("version") or 0
        return version if version <= self.initial["version"] else 0

    def page_opened(self) -> OpenedPage:
        """Which opened page this was sent from; call after `is_valid`."""
        return OpenedPage(self.cleaned_data.get("opened") or "", self.cleaned_data.get("turn") or 0)

    def errors_by_name(self) -> dict[str, str]:
        """The first message of each field, for a page that saves itself."""
        return {name: str(messages[0]) for name, messages in self.errors.items()}
