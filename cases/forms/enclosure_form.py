"""Adding the letter or drawing of the pupil."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Enclosure
from ..uploads import images


class EnclosureForm(forms.Form):
    """A photo, or the note that it lies on paper."""

    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=Enclosure.KINDS,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose letter or drawing."),
            "invalid_choice": _("Choose letter or drawing."),
        },
    )
    photo = forms.FileField(
        label=_("Photo of it"),
        required=False,
        help_text=_("JPEG, PNG or WebP, at most 20 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": images.ACCEPT}),
        error_messages={"empty": _("This file is empty. Choose another photo.")},
    )
    on_paper = forms.BooleanField(label=_("It stays on paper: I keep it myself"), required=False)
    client_key = forms.UUIDField(widget=forms.HiddenInput)

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        if not cleaned.get("photo") and not cleaned.get("on_paper") and "photo" not in self.errors:
            self.add_error("photo", _("Choose a photo, or tick that it stays on paper."))
        return cleaned
