"""Short messages to who is signed in: sealed, in the session, never in a cookie.

A message may name a pupil or a colleague. Django keeps messages in a cookie that is signed, not
encrypted, and so in the browser's profile on a shared computer; and sessions hold no case text.
"""

import base64
import binascii

from django.contrib.messages.storage.session import SessionStorage

from ..crypto import keyring

SCOPE, PLACE = "messages", "session.messages"


class SealedStorage(SessionStorage):
    """As Django's own in the session, but what is stored opens only with our keys."""

    def serialize_messages(self, messages):
        plain = super().serialize_messages(messages).encode("utf-8", "replace")
        return base64.b64encode(keyring.seal(SCOPE, PLACE, plain)).decode("ascii")

    def deserialize_messages(self, data):
        """The messages; none when they were stored by an earlier release or with a key that is
        gone.
        """
        if not isinstance(data, str):
            return []
        try:
            plain = keyring.unseal(SCOPE, PLACE, base64.b64decode(data, validate=True))
        except (keyring.CannotOpen, binascii.Error, ValueError):
            return []
        return super().deserialize_messages(plain.decode("utf-8"))
