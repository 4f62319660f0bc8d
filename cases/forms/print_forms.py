"""Forms of the print page: the words of a letter, how one prints, and the school's logo."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..printing.case_report import PARTS
from ..printing.letter_kinds import COLLEAGUES, GROUP
from ..printing.letters import LONGEST_PLACE
from ..printing.print_choices import MOST_SPARE, REPORT_PARTS, SECOND, Choices
from ..printing.slip_formats import FORMATS
from ..uploads import images
from .input_fields import LineField, WordsField

LANGUAGE_LABELS = {"nl": _("Dutch"), "en": _("English"), "de": _("German"), "fr": _("French")}
LARGEST_LOGO = 2_000_000  # bytes, of the upload and of what comes out of the cleaning


class LetterForm(forms.Form):
    """The words of a letter and, when a meeting stands in it, the place."""

    # By field, what keeps the words off paper; put on it by the view.
    warnings: dict[str, Any]

    version = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=10**6
    )
    language = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, print_context, letter, *args, **kwargs):
        super().__init__(*args, **kwargs)
        longest = letter.longest_for(print_context.case.school)
        self.fields["text"] = WordsField(
            label=_("The words"),
            longest=longest,
            help_text=_("Change what you like. Leave it empty to get our words back."),
            widget=forms.Textarea(
                attrs={"rows": 6 if longest < 1000 else 14, "lang": print_context.language}
            ),
        )
        if letter.readers in (GROUP, COLLEAGUES):
            self.fields["place"] = LineField(
                label=_("Where?"),
                help_text=_("For example: room 12. Leave it empty for a line to write on."),
                widget=forms.TextInput(attrs={"maxlength": LONGEST_PLACE}),
            )

    def clean_place(self):
        place = self.cleaned_data.get("place", "")
        if len(place) > LONGEST_PLACE:
            raise forms.ValidationError(
                _("This is %(length)s characters. Make it %(longest)s or fewer."),
                params={"length": len(place), "longest": LONGEST_PLACE},
            )
        return place


class ChoicesForm(forms.Form):
    """How a person prints slips, cards and the report. ``as_choices`` after it is valid."""

    format = forms.ChoiceField(
        label=_("Size of the slips"),
        choices=[(each.key, each.title) for each in FORMATS.values()],
    )
    bigger = forms.BooleanField(label=_("Bigger letters"), required=False)
    second = forms.ChoiceField(
        label=_("A second language on the slips"),
        required=False,
        choices=[("", _("No")), *((code, LANGUAGE_LABELS[code]) for code in SECOND)],
        help_text=_(
            "The thanks stand there in both languages. The idea stays as the pupil said it."
        ),
    )
    spare = forms.IntegerField(
        label=_("Empty slips"),
        required=False,
        min_value=0,
        max_value=MOST_SPARE,
        help_text=_("Leave it open to fill the last sheet."),
        error_messages={
            "invalid": _("Write a number, such as 2."),
            "min_value": _("Choose a number from 0 to %(limit_value)s.")
            % {"limit_value": MOST_SPARE},
            "max_value": _("Choose a number from 0 to %(limit_value)s.")
            % {"limit_value": MOST_SPARE},
        },
    )
    shows_name = forms.BooleanField(
        label=_("The name of the pupil may stay in an idea"), required=False
    )
    open_day = forms.BooleanField(
        label=_("Lines for day and time: I write them myself"), required=False
    )
    logo = forms.BooleanField(label=_("With the logo of the school"), required=False)
    parts = forms.MultipleChoiceField(
        label=_("What is in the report?"),
        choices=[(key, PARTS[key]) for key in REPORT_PARTS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one part.")},
    )

    # Which of these are asked at which kind of paper; the others stay as they were.
    ABOUT = {
        "slips": ("format", "bigger", "second", "spare", "shows_name"),
        "letter": ("logo",),
        "cards": ("open_day",),
        "report": ("parts",),
    }

    def __init__(self, about, choices: Choices, school, data=None):
        self.choices = choices
        initial = choices.as_json()
        super().__init__(data, initial=initial)
        asked = set(self.ABOUT.get(about, ()))
        if not school.slip_shows_name:
            asked.discard("shows_name")
        for name in set(self.fields) - asked:
            del self.fields[name]

    def as_choices(self) -> Choices:
        """The choices as they were, with what was asked here."""
        given = dict(self.cleaned_data)
        if "parts" in given:
            given["parts"] = tuple(given["parts"])
        return Choices(**{**self.choices.as_json(), "parts": self.choices.parts, **given})


class LogoForm(forms.Form):
    """A picture for the top of letters."""

    logo = forms.FileField(
        label=_("Logo of the school"),
        help_text=_("JPEG, PNG or WebP, at most 2 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": images.ACCEPT}),
        error_messages={
            "required": _("Choose a picture first."),
            "empty": _("This file is empty. Choose another picture."),
            "missing": _("Choose a picture first."),
            "invalid": _("Choose a picture first."),
        },
    )
