"""Files that only the account Steentje runs under may read: new ones by the umask, older ones
mended.
"""

import os
import stat
from pathlib import Path

OPEN_TO_OTHERS = 0o077
OURS = {"queue", "mail", "keys", "static", "run.lock"}  # beside the database and its files
# Copies by `manage.py restore` and `backup`, and where the clock of an earlier release noted its
# moments.
OUR_BEGINNINGS = ("before-restore-", "steentje-", "beat-schedule")


def new_files_are_private() -> None:
    """Whatever this process creates from now on is its own account's alone."""
    os.umask(os.umask(OPEN_TO_OTHERS) | OPEN_TO_OTHERS)


def mend(folder: Path, database: Path | None = None) -> list[Path]:
    """Close the data folder, what is in it, and the files of a SQLite database, to other accounts.

    Returns what is still open: somebody else's, or a folder that holds more than our files (one
    that is shared must not be closed by us).
    """
    beside = (
        [database.with_name(database.name + end) for end in ("", "-wal", "-shm")]
        if database
        else []
    )
    names = OURS | {path.name for path in beside}
    found = list(folder.iterdir()) if folder.is_dir() else []
    ours = [path for path in found if path.name in names or path.name.startswith(OUR_BEGINNINGS)]
    still_open = [path for path in {*ours, *beside} if not _close(path)]
    if folder.is_dir() and _is_open(folder) and (len(ours) < len(found) or not _close(folder)):
        still_open.append(folder)
    return still_open


def _is_open(path: Path) -> bool:
    return bool(path.stat().st_mode & OPEN_TO_OTHERS)


def _close(path: Path) -> bool:
    """Whether it is closed to others now, or not there."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & OPEN_TO_OTHERS:
            path.chmod(mode & ~OPEN_TO_OTHERS)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True
