"""Makes the secrets of one installation: ``python -m noblame.keys FOLDER``.

Writes ``secret_key`` and ``encryption_keys`` (mode 0400) when they are not there; never
overwrites, because with the encryption key everything that was written would be lost.
"""

import base64
import os
import secrets
import sys
from pathlib import Path


def make_keys(folder: Path) -> list[Path]:
    """Write the missing key files into ``folder`` and return the paths that were new."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    contents = {
        "secret_key": secrets.token_urlsafe(64),
        "encryption_keys": "1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
    }
    made = []
    for name, content in contents.items():
        path = folder / name
        if path.exists():
            continue
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
        with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
            handle.write(content)
        made.append(path)
    return made


if __name__ == "__main__":
    for made_path in make_keys(Path(sys.argv[1])):
        print(f"made {made_path}")
