"""Sealing and opening of bytes: AES-256-GCM with a key per school.

A sealed value is ``version (1 byte) | key id (1 byte) | nonce (12 bytes) | ciphertext and tag``.
The key of a school is derived (HKDF-SHA256) from a master key, so a row that leaks into another
school does not open there; the associated data (table, field, row) ties a value to its place.
"""

import base64
import binascii
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

VERSION = 1
NONCE_BYTES = 12


class CannotOpen(Exception):
    """The value does not open here: wrong key, wrong place, or damaged. Never returns text
    instead.
    """


@lru_cache(maxsize=4)
def _masters(configured: str) -> dict[int, bytes]:
    masters: dict[int, bytes] = {}
    for item in filter(None, (part.strip() for part in configured.split(","))):
        written, _, encoded = item.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
            number = int(written)
        except (ValueError, binascii.Error) as error:
            raise ImproperlyConfigured(
                "STEENTJE_ENCRYPTION_KEYS: expected '<id>:<base64>[,...]'"
            ) from error
        if len(key) != 32 or not 0 < number < 256:
            raise ImproperlyConfigured("STEENTJE_ENCRYPTION_KEYS: ids 1-255 and keys of 32 bytes")
        masters[number] = key
    if not masters:
        raise ImproperlyConfigured("STEENTJE_ENCRYPTION_KEYS is empty")
    return masters


@lru_cache(maxsize=4096)
def _derive(master: bytes, scope: str, purpose: bytes) -> bytes:
    info = b"steentje/" + purpose + b"/" + scope.encode()
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(master)


def current_key_id() -> int:
    """The id of the key that new values are sealed with: the highest one configured."""
    return max(_masters(settings.ENCRYPTION_KEYS))


def seal(scope: str, place: str, plain: bytes) -> bytes:
    """Seal ``plain`` for a scope (a school's id) and a place (``table.field|row``)."""
    key_id = current_key_id()
    key = _derive(_masters(settings.ENCRYPTION_KEYS)[key_id], scope, b"field")
    nonce = secrets.token_bytes(NONCE_BYTES)
    return bytes([VERSION, key_id]) + nonce + AESGCM(key).encrypt(nonce, plain, place.encode())


def unseal(scope: str, place: str, sealed: bytes) -> bytes:
    """The bytes that were sealed for this scope and place; raises CannotOpen otherwise."""
    if len(sealed) < 2 + NONCE_BYTES + 16 or sealed[0] != VERSION:
        raise CannotOpen("not a sealed value")
    master = _masters(settings.ENCRYPTION_KEYS).get(sealed[1])
    if master is None:
        raise CannotOpen(f"key {sealed[1]} is not configured")
    nonce, rest = sealed[2 : 2 + NONCE_BYTES], sealed[2 + NONCE_BYTES :]
    try:
        return AESGCM(_derive(master, scope, b"field")).decrypt(nonce, rest, place.encode())
    except InvalidTag as error:
        raise CannotOpen(
            f"{place.partition('|')[0]} does not open with this key in this place"
        ) from error


def mac_key(scope: str) -> bytes:
    """The key of a school's journal chain. Tied to the lowest key id, so that adding keys keeps
    it.
    """
    masters = _masters(settings.ENCRYPTION_KEYS)
    return _derive(masters[min(masters)], scope, b"journal")
