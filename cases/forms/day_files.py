"""What is asked about a file with closed days: what each column is, how dates are written, which region."""

from dataclasses import replace

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from ..dayfiles import Answers, Question, columns

ORDER_WORDS = {"day": _("Day first"), "month": _("Month first"), "year": _("Year first")}


class QuestionForm(forms.Form):
    """The answers to a `Question`; only what is asked has a field."""

    def __init__(self, question: Question, data=None):
        super().__init__(data, auto_id="q-%s")
        self.question = question
        for number, role in enumerate(question.columns):
            self.fields[f"column_{number}"] = self._column(number, role)
        if question.columns and question.header:
            self.fields["header"] = forms.BooleanField(
                label=_("The first line holds the names of the columns"), required=False
            )
        if question.orders:
            self.fields["order"] = self._choice(
                _("Which day is “%(text)s”?") % {"text": question.example},
                [
                    (order, f"{date_format(day, 'j F Y')} ({ORDER_WORDS[order]})")
                    for order, day in question.orders
                ],
                _("Choose which day this is."),
            )
        if question.ends is not None:
            last, before = (date_format(day, "j F Y") for day in question.ends)
            self.fields["ends"] = self._choice(
                _("Is the last day in this file still free?"),
                [
                    ("inclusive", _("Yes, the first line ends with %(day)s") % {"day": last}),
                    ("exclusive", _("No, it ends the day before: %(day)s") % {"day": before}),
                ],
                _("Choose whether the last day is free."),
            )
        if question.regions:
            self.fields["region"] = self._choice(
                _("Which region is your school in?"), list(question.regions.items()), _("Choose your region.")
            )

    def _column(self, number: int, role: str):
        name = self.question.names[number] if number < len(self.question.names) else ""
        return forms.ChoiceField(
            label=_("Column %(number)s: %(name)s") % {"number": number + 1, "name": name}
            if name
            else _("Column %(number)s") % {"number": number + 1},
            choices=list(columns.ROLES.items()),
            initial=role,
            required=False,
            error_messages={"invalid_choice": _("Choose from the list.")},
        )

    def _choice(self, label, choices, words):
        return forms.ChoiceField(
            label=label,
            choices=choices,
            widget=forms.RadioSelect,
            error_messages={"required": words, "invalid_choice": words},
        )

    def wrong_columns(self, code: str):
        """Say what is wrong with the columns that were chosen, a key of `columns.WRONG`."""
        self.add_error("column_0", columns.WRONG[code])

    def table(self):
        """For the template: each column with its field, its name, and what stands in it on the first lines."""
        return [
            {
                "field": self[f"column_{number}"],
                "cells": [cells[number] for _line, cells in self.question.sample],
            }
            for number in range(len(self.question.columns))
        ]

    def choices(self):
        """For the template: the fields that are no columns."""
        return [self[name] for name in ("order", "ends", "region") if name in self.fields]

    def answers(self) -> Answers:
        """What was said now and before; call after `is_valid`."""
        said = self.cleaned_data
        given = self.question.given
        if self.question.columns:
            roles = tuple(said[f"column_{number}"] for number in range(len(self.question.columns)))
            header = ("yes" if said["header"] else "no") if "header" in said else given.header
            given = replace(given, roles=roles, header=header)
        return replace(given, **{name: said[name] for name in ("order", "ends", "region") if name in said})
