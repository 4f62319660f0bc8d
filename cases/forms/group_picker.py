"""The support-group picker as part of a form: a role per pupil, and why when it is out of
balance.
"""

import uuid

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from ..models import GroupMember, Pupil
from .input_fields import LONGEST_LINE, WordsField

ROLE = "role-"


class GroupPart:
    """Reads ``role-<pupil id>`` for every pupil that the page showed."""

    def __init__(self, form, location, by):
        self.form, self.location, self.by = form, location, by
        self.roles: dict[str, str] = {}
        form.fields["balance_reason"] = WordsField(
            longest=LONGEST_LINE,
            label=_("Why this group?"),
            help_text=_(
                "One line is enough. Only you and your colleagues on this support plan see it."
            ),
        )

    def posted(self) -> dict[str, str]:
        """Pupil id to role as posted; 404 for a pupil who is not of this school."""
        posted = {
            name.removeprefix(ROLE): value
            for name, value in self.form.data.items()
            if name.startswith(ROLE)
        }
        try:
            ids = {uuid.UUID(each) for each in posted}
        except ValueError as error:
            raise Http404 from error
        known = Pupil.objects.filter(school_id=self.location.case.school_id, pk__in=ids)
        if known.count() != len(ids) or self.location.case.pupil_id in ids:
            raise Http404
        return {str(uuid.UUID(pupil)): role for pupil, role in posted.items()}

    def clean(self, cleaned):
        self.roles = self.posted()
        if any(role and role not in GroupMember.ROLES for role in self.roles.values()):
            self.form.add_error(None, _("Choose for each pupil one of the four columns."))
            self.roles = {}

    def typed(self) -> dict:
        return {f"role:{pupil}": role for pupil, role in self.roles.items()}

    def shown(self) -> dict[str, str]:
        """What the radios show: what was posted, else what is recorded."""
        recorded = {
            key.removeprefix("role:"): value
            for key, value in self.form.values.items()
            if key.startswith("role:")
        }
        return {**recorded, **self.posted()} if self.form.is_bound else recorded
