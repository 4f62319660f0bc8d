"""Keys, folders and defaults for the tests: a pytest plugin, so that it runs before Django's
settings.
"""

import atexit
import base64
import os
import secrets
import shutil
import tempfile
from pathlib import Path

_scratch = tempfile.mkdtemp(prefix="steentje-test-")
atexit.register(shutil.rmtree, _scratch, ignore_errors=True)
os.environ.setdefault("STEENTJE_SECRET_KEY", secrets.token_urlsafe(64))
os.environ.setdefault(
    "STEENTJE_ENCRYPTION_KEYS", "1:" + base64.b64encode(secrets.token_bytes(32)).decode()
)
os.environ.setdefault("STEENTJE_DATA", _scratch)
# Static files are not collected; WhiteNoise warns when there is not even a folder.
(Path(os.environ["STEENTJE_DATA"]) / "static").mkdir(parents=True, exist_ok=True)
os.environ.setdefault("STEENTJE_HTTPS", "0")
os.environ.setdefault("STEENTJE_DEMO", "1")
os.environ.setdefault("STEENTJE_STATIC_MANIFEST", "0")  # tests do not collect static files first

# Workers that run at the same time count apart: each its own database in Redis.
if (_redis := os.environ.get("STEENTJE_REDIS_URL")) and (
    _worker := os.environ.get("PYTEST_XDIST_WORKER")
):
    _server, _, _number = _redis.rpartition("/")
    if _number.isdigit():
        os.environ["STEENTJE_REDIS_URL"] = (
            f"{_server}/{int(_number) + 1 + int(_worker.removeprefix('gw'))}"
        )
