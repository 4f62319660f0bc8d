"""Encrypted columns: text, JSON and bytes that are readable only through their own row.

A value is sealed just before it is written and opened when it is first read; what was not read
goes back as it came. Reading with a wrong key raises, it never yields ciphertext. The columns
cannot be filtered, ordered or updated in bulk: the database has no use for them.
"""

import json

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from . import keyring


class Sealed:
    """A value as the database holds it; shows nothing when printed or logged."""

    __slots__ = ("raw",)

    def __init__(self, raw: bytes):
        self.raw = raw

    def __repr__(self):
        return "<sealed>"


class _Opened(DeferredAttribute):
    """Opens the value at first reading. A data descriptor: also setting goes through it."""

    def __get__(self, instance, cls=None):
        if instance is None:
            return self
        name = self.field.attname
        if name not in instance.__dict__:
            super().__get__(instance, cls)  # a deferred column: fetch it
        value = instance.__dict__[name]
        if isinstance(value, Sealed):
            value = instance.__dict__[name] = self.field.open(instance, value.raw)
        return value

    def __set__(self, instance, value):
        instance.__dict__[self.field.attname] = value


class EncryptedField(models.Field):
    """Common part. A model that has one carries ``key_scope()``: the school's id as text."""

    descriptor_class = _Opened
    empty_value: object = b""

    def get_internal_type(self):
        return "BinaryField"

    def to_bytes(self, value) -> bytes:
        return bytes(value)

    def from_bytes(self, raw: bytes):
        return raw

    def _place(self, instance) -> str:
        return f"{instance._meta.db_table}.{self.name}|{instance.pk}"

    def open(self, instance, raw: bytes):
        """The value in ``raw``, read in its own row; CannotOpen with a wrong key or in a wrong row."""
        if not raw:
            return self.get_default()
        return self.from_bytes(keyring.unseal(instance.key_scope(), self._place(instance), raw))

    def get_default(self):
        return super().get_default() if self.has_default() else self.empty_value

    def pre_save(self, instance, add):
        value = instance.__dict__.get(self.attname, self.empty_value)
        if isinstance(value, Sealed):
            return value
        if value is None or value == self.empty_value:
            return Sealed(b"")
        if instance.pk is None:
            raise FieldError(f"{self}: a row gets its key before its encrypted columns are saved")
        return Sealed(
            keyring.seal(instance.key_scope(), self._place(instance), self.to_bytes(value))
        )

    def get_db_prep_value(self, value, connection, prepared=False):
        if value is None or value in ("", b"", {}):
            return connection.Database.Binary(
                b""
            )  # empty is stored as empty, also by a migration's default
        if not isinstance(value, Sealed):
            raise FieldError(f"{self.name} is encrypted: save it through its row, not in a query")
        return connection.Database.Binary(value.raw)

    def from_db_value(self, value, expression, connection):
        return Sealed(bytes(value or b""))

    def get_lookup(self, name):
        raise FieldError(f"{self.name} is encrypted and cannot be searched")

    def value_to_string(self, instance):
        raise FieldError(f"{self.name} is encrypted and is not exported")


class EncryptedTextField(EncryptedField):
    """Text. Lone surrogates, which UTF-8 cannot hold, are replaced rather than refused."""

    empty_value = ""

    def to_bytes(self, value):
        return str(value).encode("utf-8", "replace")

    def from_bytes(self, raw):
        return raw.decode("utf-8")

    def formfield(self, **kwargs):
        from django import forms

        return forms.CharField(
            widget=forms.Textarea, required=not self.blank, label=self.verbose_name
        )


class EncryptedJSONField(EncryptedField):
    """A JSON object. Changing it in place is noticed, because it is sealed again when it was read.

    Lone surrogates are replaced, as in text: no page could show them.
    """

    empty_value = None

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("default", dict)
        super().__init__(*args, **kwargs)

    def to_bytes(self, value):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(
            "utf-8", "replace"
        )

    def from_bytes(self, raw):
        return json.loads(raw)


class EncryptedBytesField(EncryptedField):
    """Bytes: a photo of a letter or drawing."""
