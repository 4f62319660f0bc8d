"""What is asked about a file with closed days: what each column is, how dates are written, which
region.
"""

from dataclasses import replace

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from ..method.grammar import Text
from ..schooldays.files import Answers, Question, columns

ORDER_WORDS = {"day": _("Day first"), "month": _("Month first"), "year": _("Year first")}


NOT_SAID = "?"  # in the place of a role; an empty value means that a column is not used


def _is_said(role: str) -> None:
    if role == NOT_SAID:
        raise forms.ValidationError(_("Choose what this column is."))


class QuestionForm(forms.Form):
    """The answers to a `Question`; only what is asked has a field."""

    def __init__(self, question: Question, data=None):
        super().__init__(data, auto_id="q-%s")
        self.question = question
        for number, role in enumerate(question.columns):
            self.fields[f"column_{number}"] = self._column(number, role)
        if question.columns and question.header:
            self.fields["header"] = forms.BooleanField(
                label=_("The first line holds the names of the columns"),
                required=False,
                initial=question.header == "yes",
            )
        if question.orders:
            words: Text = _("How are the dates in this file written?")
            if question.example:
                words = _("Which day is “%(text)s”?") % {"text": question.example}
            self.fields["order"] = self._choice(
                words,
                [
                    (
                        order,
                        f"{date_format(day, 'j F Y')} ({ORDER_WORDS[order]})"
                        if day
                        else ORDER_WORDS[order],
                    )
                    for order, day in question.orders
                ],
                _("Choose which day this is."),
            )
        if question.ends is not None:
            name, first, last = question.ends
            said = {
                "name": name,
                "first": date_format(first, "j F Y"),
                "last": date_format(last, "j F Y"),
            }
            self.fields["ends"] = self._choice(
                _(
                    "“%(name)s” begins on %(first)s and ends on %(last)s. Is there no school on "
                    "%(last)s either?"
                )
                % said,
                [
                    ("inclusive", _("No school on %(last)s either") % said),
                    ("exclusive", _("On %(last)s there is school again") % said),
                ],
                _("Choose whether the last day is free."),
            )
        if question.regions:
            self.fields["region"] = self._choice(
                _("Which region is your school in?"),
                list(question.regions.items()),
                _("Choose your region."),
            )

    def _column(self, number: int, role: str):
        """A field for one column. Which column holds which day is never put in beforehand: who
        presses on in a hurry would take our guess for an answer.
        """
        is_day = role in (columns.DAY, columns.FIRST, columns.LAST)
        choices = list(columns.ROLES.items())
        name = self.question.names[number] if number < len(self.question.names) else ""
        return forms.ChoiceField(
            label=_("Column %(number)s: %(name)s") % {"number": number + 1, "name": name}
            if name
            else _("Column %(number)s") % {"number": number + 1},
            choices=[(NOT_SAID, _("Choose what this is")), *choices] if is_day else choices,
            initial=NOT_SAID if is_day else role,
            required=False,
            error_messages={"invalid_choice": _("Choose from the list.")},
            validators=[_is_said],
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
        """For the template: each column with its field, its name, and what stands in it on the
        first lines.
        """
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
        return replace(
            given, **{name: said[name] for name in ("order", "ends", "region") if name in said}
        )
