#!/usr/bin/env python3
"""Images of every kind of paper, in every language there is, in one folder to look through.

    python bin/paper.py [--to paper] [--only WORD] [--dpi 70]

With ordinary data and with the longest; index.html shows them side by side. Needs pdftoppm (Debian:
poppler-utils). A new kind of paper comes along by itself: see cases/printing/sample_documents.py.
"""

import argparse
import html
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEAD = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Paper</title><style>
body{font:16px sans-serif;background:#ddd} figure{margin:8px} img{margin:4px;max-width:100%}
</style><h1>Paper</h1>
"""


def set_up() -> None:
    """Django without an installation: nothing is read from a database, and no key is needed."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "noblame.settings")
    os.environ.setdefault(
        "STEENTJE_SECRET_KEY", "only for looking at paper, nothing is signed with it"
    )
    os.environ.setdefault("STEENTJE_ENCRYPTION_KEYS", "1:" + "A" * 43 + "=")
    os.environ.setdefault("STEENTJE_STATIC_MANIFEST", "0")
    import django

    django.setup()


def images(data: bytes, stem: Path, dpi: int) -> list[Path]:
    """The pages of a PDF as PNG files whose names begin with the stem; the PDF beside them."""
    stem.parent.mkdir(parents=True, exist_ok=True)
    paper = stem.with_suffix(".pdf")
    paper.write_bytes(data)
    subprocess.run(["pdftoppm", "-r", str(dpi), "-png", paper, f"{stem}-side"], check=True)
    return sorted(stem.parent.glob(f"{stem.name}-side*.png"))


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--to", default=str(ROOT / "paper"))
    options.add_argument("--only", default="", help="kinds with this word in their name")
    options.add_argument("--dpi", type=int, default=70)
    chosen = options.parse_args()
    if not shutil.which("pdftoppm"):
        print(
            "pdftoppm is missing, so there are no images of paper (Debian: poppler-utils)",
            file=sys.stderr,
        )
        return 1
    set_up()
    from cases.printing.sample_documents import all_samples

    folder = Path(chosen.to)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shown, count = [HEAD], 0
    for name, each in all_samples().items():
        if chosen.only not in name:
            continue
        shown.append(f"<h2>{html.escape(name)}</h2>\n")
        for language in each.spoken():
            for longest in (False, True):
                stem = folder / language / (name + ("-longest" if longest else ""))
                made = images(each.make(language, longest), stem, chosen.dpi)
                count += len(made)
                pictures = "".join(
                    f'<img src="{path.relative_to(folder)}" alt="page" loading="lazy">'
                    for path in made
                )
                shown.append(
                    f"<figure><figcaption>{language} {stem.name}</figcaption>{pictures}</figure>\n"
                )
    (folder / "index.html").write_text("".join(shown), encoding="utf-8")
    print(f"{count} pages in {folder / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
