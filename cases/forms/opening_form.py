"""Opening a case: which pupil, whether this is the right approach (B4), when the first talk is."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ..actions import appointment_windows
from ..actions.page_location import question_key
from ..method import METHOD
from ..method.grammar import CHOICE, MANY, ROUTE, ROUTE_REASON, SIGNS
from ..method.intake import NO_SIGN, RECENT, THIS_ROUTE
from ..models import Pupil, School
from ..people import names
from .input_fields import LONGEST_LINE, ClockField, DayField, WordsField

MOST_FOUND = 40


class OpeningForm(forms.Form):
    """One page: the pupil, the questions of the method's intake page, and an optional day."""

    pupil = forms.UUIDField(
        label=_("Who is it about?"),
        error_messages={
            "required": _("Choose a pupil."),
            "invalid": _("Choose a pupil from the list."),
        },
    )
    q = WordsField(longest=80, label=_("Search a pupil"))
    client_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, school, user, data=None, *, initial=None):
        super().__init__(data, initial=initial, auto_id="q-%s")
        self.school, self.user, self.page = school, user, METHOD.intake
        self.today = school.today()
        for question in self.page.questions:
            self.fields[question.key] = self._field(question)
        self.fields["talk_on"] = DayField(
            today=self.today,
            earliest=self.today,
            latest=self.today + appointment_windows.FURTHEST,
            label=_("Day of the first talk"),
        )
        self.fields["talk_at"] = ClockField(label=_("Time"))
        self.chosen = None

    def _field(self, question):
        common = {
            "label": question.label,
            "help_text": question.hint,
            "required": question.required,
        }
        choices = [(choice.key, choice.label) for choice in question.choices]
        # a sign that only means something at a secondary school
        if self.school.kind == School.PRIMARY:
            choices = [choice for choice in choices if choice[0] != RECENT]
        missing = {
            "required": _("Answer this first: it takes a moment and may spare a pupil harm.")
        }
        field: Any  # its question is put on it
        if question.kind == MANY:
            field = forms.MultipleChoiceField(
                choices=choices,
                widget=forms.CheckboxSelectMultiple,
                error_messages=missing,
                **common,
            )
        elif question.kind == CHOICE:
            field = forms.ChoiceField(
                choices=choices, widget=forms.RadioSelect, error_messages=missing, **common
            )
        else:
            field = WordsField(longest=LONGEST_LINE, label=question.label, help_text=question.hint)
        field.question = question
        return field

    def found(self):
        """Pupils to choose from: those the words match, else none; the chosen one always."""
        pupils = Pupil.objects.of(self.user).select_related("group")
        text = str((self.data if self.is_bound else self.initial).get("q") or "")[:80]
        rows = list(pupils.named(text)[:MOST_FOUND]) if names.search_words(text) else []
        chosen = self["pupil"].value()
        if chosen and str(chosen) not in {str(row.pk) for row in rows}:
            try:
                rows += list(pupils.filter(pk=chosen))
            except (ValidationError, ValueError):
                return rows
        return rows

    def as_typed(self) -> dict:
        """What was typed so far, to show the page again after a search."""
        shown = {name: self.data.get(name) for name in self.fields if self.data.get(name)}
        signs = question_key(self.page, SIGNS)
        if hasattr(self.data, "getlist"):
            shown[signs] = self.data.getlist(signs)
        shown.setdefault("client_key", self.initial.get("client_key"))
        return shown

    def clean_pupil(self):
        wanted = self.cleaned_data["pupil"]
        self.chosen = Pupil.objects.of(self.user).filter(pk=wanted).first()
        if self.chosen is None:
            raise forms.ValidationError(_("Choose a pupil from the list."))
        return wanted

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        if cleaned.get("talk_at") and not cleaned.get("talk_on") and "talk_on" not in self.errors:
            self.add_error("talk_on", _("Choose the day that goes with this time."))
        signs, route, why = (
            question_key(self.page, purpose) for purpose in (SIGNS, ROUTE, ROUTE_REASON)
        )
        if NO_SIGN in (cleaned.get(signs) or []) and len(cleaned[signs]) > 1:
            self.add_error(signs, _("Choose either what is going on, or “none of these”."))
        serious = set(cleaned.get(signs) or ()) - {NO_SIGN}
        if serious and cleaned.get(route) == THIS_ROUTE and not cleaned.get(why):
            self.add_error(
                why,
                _("You saw a sign that may ask for another way first. Why this way all the same?"),
            )
        return cleaned

    def opening(self) -> dict:
        """Arguments for `actions.cases.open_case`; call after `is_valid`."""
        cleaned = self.cleaned_data
        at = cleaned.get("talk_at")
        return {
            "pupil": self.chosen,
            "client_key": cleaned["client_key"],
            "fit": {question.key: cleaned.get(question.key) for question in self.page.questions},
            "talk_on": cleaned.get("talk_on"),
            "talk_at": datetime.time.fromisoformat(at) if at else None,
        }
