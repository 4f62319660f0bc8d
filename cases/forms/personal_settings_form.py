"""A person's own settings: the daily mail and the name pupils say."""

import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from ..actions.personal_settings import EARLIEST, LATEST
from ..reminder_kinds import KINDS, MAY_BE_OFF
from ..typed_text import single_spaced
from .input_fields import ClockField, WordsField

LONGEST_NAME = 60
MAILED = [
    (key, KINDS[key].setting)
    for key in sorted(MAY_BE_OFF, key=lambda key: KINDS[key].setting_order)
]


class SettingsForm(forms.Form):
    """What is mailed and when, and how slips are signed. Bound or not, it starts from what is kept
    now.
    """

    spoken_name = WordsField(
        longest=LONGEST_NAME,
        label=_("What do pupils call you?"),
        help_text=_("This name stands on the slips that pupils take home. For example: Miss Anna"),
    )
    # The field keeps its name of before the column was renamed: open and kept forms have it.
    mail_at = ClockField(
        label=_("When do you want the mail of the day?"),
        help_text=_(
            "One mail on a school day, only when there is something to do. From 6:00 to 20:00."
        ),
    )
    mailed = forms.MultipleChoiceField(
        choices=MAILED,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label=_("What may be in it?"),
        help_text=_("What is overdue is always in it, so that no pupil is forgotten."),
        error_messages={"invalid_choice": _("Choose from this list.")},
    )

    def __init__(self, user, data=None):
        now = {
            "spoken_name": user.spoken_name,
            "mail_at": f"{user.mail_time.hour}.{user.mail_time.minute:02}",
            "mailed": [kind for kind in MAY_BE_OFF if kind not in user.mail_off],
        }
        super().__init__(data, initial=now, auto_id="q-%s")

    def clean_spoken_name(self):
        return single_spaced(self.cleaned_data["spoken_name"])

    def clean_mail_at(self):
        typed = self.cleaned_data["mail_at"]
        at = datetime.time.fromisoformat(typed) if typed else None
        if at is None or not EARLIEST <= at <= LATEST:
            raise forms.ValidationError(_("Choose a time from 6:00 to 20:00."))
        return at

    def settings(self) -> dict:
        """Arguments for `actions.personal_settings.keep_settings`; call after `is_valid`."""
        cleaned = self.cleaned_data
        return {
            "spoken_name": cleaned["spoken_name"],
            "mail_time": cleaned["mail_at"],
            "mail_off": [kind for kind in MAY_BE_OFF if kind not in cleaned["mailed"]],
        }
