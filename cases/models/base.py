"""What the tables share: an unguessable key made before saving, and the school a row belongs to."""

import uuid

from django.db import models


class Row(models.Model):
    """A row with a UUID that exists before it is saved, as the encrypted columns need."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class SchoolRow(Row):
    """A row of one school. Its encrypted columns open only with that school's key."""

    school = models.ForeignKey("cases.School", on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    def key_scope(self) -> str:
        return str(self.school_id)
