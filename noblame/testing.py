"""Keys, folders and defaults for the tests: a pytest plugin, so that it runs before Django's settings."""

import base64
import os
import secrets
import tempfile

_scratch = tempfile.mkdtemp(prefix="steentje-test-")
os.environ.setdefault("STEENTJE_SECRET_KEY", secrets.token_urlsafe(64))
os.environ.setdefault("STEENTJE_ENCRYPTION_KEYS", "1:" + base64.b64encode(secrets.token_bytes(32)).decode())
os.environ.setdefault("STEENTJE_DATA", _scratch)
os.environ.setdefault("STEENTJE_HTTPS", "0")
os.environ.setdefault("STEENTJE_DEMO", "1")
os.environ.setdefault("STEENTJE_STATIC_MANIFEST", "0")  # tests do not collect static files first
