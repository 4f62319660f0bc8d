"""Encrypted columns: text, JSON and bytes that are readable only through their own row.

A value is sealed just before it is written and opened when it is first read; what was not read
goes back as it came. Reading with a wrong key raises, it never yields ciphertext. The columns
cannot be filtered, ordered or updated in bulk: the database has no use for them.
"""

import json
from typing import TYPE_CHECKING, Any, NoReturn, Protocol, TypeVar

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from . import keyring

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.expressions import Expression
    from django.forms import CharField

Value = TypeVar("Value")

if TYPE_CHECKING:

    class _Field(models.Field[Value, Value]):
        """A field that says of which type its values are."""

else:

    class _Field(models.Field):
        """At run time the type of the values does not matter."""

        def __class_getitem__(cls, _value):
            return cls


class Scoped(Protocol):
    """A row with encrypted columns: `key_scope` says with which key they open."""

    pk: Any
    _meta: Any

    def key_scope(self) -> str: ...


class Sealed:
    """A value as the database holds it; shows nothing when printed or logged."""

    __slots__ = ("raw",)

    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    def __repr__(self) -> str:
        return "<sealed>"


class _Opened(DeferredAttribute):
    """Opens the value at first reading. A data descriptor: also setting goes through it."""

    field: "EncryptedField[Any]"

    def __get__(self, instance: Any, cls: type | None = None) -> Any:
        if instance is None:
            return self
        name = self.field.attname
        if name not in instance.__dict__:
            super().__get__(instance, cls)  # a deferred column: fetch it
        value = instance.__dict__[name]
        if isinstance(value, Sealed):
            value = instance.__dict__[name] = self.field.open(instance, value.raw)
        return value

    def __set__(self, instance: Any, value: object) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedField(_Field[Value]):
    """Common part. A model that has one carries ``key_scope()``: the school's id as text."""

    descriptor_class = _Opened
    empty_value: Any = b""

    def get_internal_type(self) -> str:
        return "BinaryField"

    def to_bytes(self, value: Value) -> bytes:
        """The value as it is sealed."""
        raise NotImplementedError  # each kind of field has its own

    def from_bytes(self, raw: bytes) -> Value:
        """The value that was sealed."""
        raise NotImplementedError  # each kind of field has its own

    def _place(self, instance: Scoped) -> str:
        return f"{instance._meta.db_table}.{self.name}|{instance.pk}"

    def open(self, instance: Scoped, raw: bytes) -> Value:
        """The value in ``raw``, read in its own row; CannotOpen with a wrong key or in a wrong
        row.
        """
        if not raw:
            default: Value = self.get_default()
            return default
        return self.from_bytes(keyring.unseal(instance.key_scope(), self._place(instance), raw))

    def get_default(self) -> Any:
        return super().get_default() if self.has_default() else self.empty_value

    def pre_save(self, instance: Any, add: bool) -> Sealed:
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

    def get_db_prep_value(self, value: object, connection: Any, prepared: bool = False) -> Any:
        if value is None or value in ("", b"", {}):
            # empty is stored as empty, also by a migration's default
            return connection.Database.Binary(b"")
        if not isinstance(value, Sealed):
            raise FieldError(f"{self.name} is encrypted: save it through its row, not in a query")
        return connection.Database.Binary(value.raw)

    def from_db_value(
        self,
        value: bytes | memoryview | None,
        expression: "Expression",
        connection: "BaseDatabaseWrapper",
    ) -> Sealed:
        return Sealed(bytes(value or b""))

    def get_lookup(self, name: str) -> NoReturn:
        raise FieldError(f"{self.name} is encrypted and cannot be searched")

    def value_to_string(self, instance: models.Model) -> NoReturn:
        raise FieldError(f"{self.name} is encrypted and is not exported")


class EncryptedTextField(EncryptedField[str]):
    """Text. Lone surrogates, which UTF-8 cannot hold, are replaced rather than refused."""

    empty_value = ""

    def to_bytes(self, value: str) -> bytes:
        return str(value).encode("utf-8", "replace")

    def from_bytes(self, raw: bytes) -> str:
        return raw.decode("utf-8")

    def formfield(self, **kwargs: Any) -> "CharField":
        from django import forms

        return forms.CharField(
            widget=forms.Textarea, required=not self.blank, label=self.verbose_name
        )


class EncryptedJSONField(EncryptedField[dict[str, Any]]):
    """A JSON object. Changing it in place is noticed, because it is sealed again when it was read.

    Lone surrogates are replaced, as in text: no page could show them.
    """

    empty_value = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        super().__init__(*args, **kwargs)

    def to_bytes(self, value: dict[str, Any]) -> bytes:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(
            "utf-8", "replace"
        )

    def from_bytes(self, raw: bytes) -> dict[str, Any]:
        value: dict[str, Any] = json.loads(raw)
        return value


class EncryptedBytesField(EncryptedField[bytes]):
    """Bytes: a photo of a letter or drawing."""

    def to_bytes(self, value: bytes) -> bytes:
        return bytes(value)

    def from_bytes(self, raw: bytes) -> bytes:
        return raw
