#!/usr/bin/env python3
"""Compiles locale/*/LC_MESSAGES/*.po to .mo where the .mo is missing or older; gettext is not
needed.

    python bin/compile_messages.py [FOLDER]

Fuzzy and empty translations are left out, so that the English words show and not a guess.
"""

import os
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent


def compile_folder(folder: Path) -> list[Path]:
    """Write the .mo beside each .po under `folder` that needs it; return the paths written."""
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        catalogue = polib.pofile(str(source), encoding="utf-8")
        part = target.with_name(f"{target.name}.{os.getpid()}")
        # polib leaves fuzzy entries out; a rename is never half done
        catalogue.save_as_mofile(str(part))
        part.replace(target)
        written.append(target)
    return written


if __name__ == "__main__":
    for made in compile_folder(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "locale"):
        print(f"translations: {made.parent.parent.name}/{made.name}")
