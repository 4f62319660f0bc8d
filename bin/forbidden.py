#!/usr/bin/env python3
"""Refuses calls that our rules forbid, and inline style or script in templates.

    python bin/forbidden.py [ROOT]

A line that is right after all stands in bin/forbidden_allowed.txt as "path: pattern name: reason";
an entry there that nothing needs any more is refused too, so that the list stays short.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ALLOWED = "bin/forbidden_allowed.txt"

# name → (files, pattern, why not)
RULES = {
    "mark_safe": (
        "py",
        r"\bmark_safe\s*\(|\bSafeString\s*\(",
        "text of people reaches the page unescaped",
    ),
    "csrf_exempt": ("py", r"\bcsrf_exempt\b", "other sites could post"),
    "celery time": (
        "py",
        r"\b(countdown|eta)\s*=",
        "the row says when, the queue is only a hurry-up",
    ),
    "raw sql": (
        "py",
        r"\.(raw|extra)\(",
        "it goes round the encrypted columns and the school filter",
    ),
    "_base_manager": ("py", r"\b_base_manager\b", "it goes round the school filter"),
    "safe filter": (  # a constant in quotes is nobody's text
        "html",
        r"(?<![\"'])\|\s*safe\b|\bautoescape\s+off\b",
        "text of people reaches the page unescaped",
    ),
    "inline style": ("html", r"<style\b|\sstyle\s*=", "the Content-Security-Policy refuses it"),
    "inline script": (
        "html",
        r"<script(?![^>]*\ssrc=)|\son[a-z]+\s*=\s*[\"']|javascript:",
        "the Content-Security-Policy refuses it",
    ),
    "hx-on": (
        "html",
        r"\s(data-)?hx-(on|vals\s*=\s*[\"']js:)",
        "it needs eval, which the policy refuses",
    ),
    "browser storage": (
        "js",
        r"\b(localStorage|sessionStorage|indexedDB)\b",
        "a shared tablet would keep the text",
    ),
    "eval": (
        "js",
        r"\beval\s*\(|\bnew Function\b|\.innerHTML\s*=",
        "the policy refuses it, or text becomes HTML",
    ),
}
FOLDERS = {"py": ("cases", "noblame"), "html": ("templates", "cases"), "js": ("static",)}
SKIPPED = ("vendor/", "/tests/", "/migrations/")
# Paper is drawn by WeasyPrint, which knows no policy; its drawings may carry a style of their own.
PAPER = "templates/paper/"


def files(root: Path, kind: str):
    for folder in FOLDERS[kind]:
        for path in sorted((root / folder).rglob(f"*.{kind}")):
            name = path.relative_to(root).as_posix()
            if not any(part in name for part in SKIPPED):
                yield name, path


def allowed(root: Path) -> dict[tuple[str, str], str]:
    """(path, rule name) → reason, from the list."""
    path = root / ALLOWED
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        if line.strip() and not line.startswith("#"):
            name, rule, reason = (word.strip() for word in line.split(":", 2))
            found[name, rule] = reason
    return found


def comment_only(kind: str, line: str) -> bool:
    return line.lstrip().startswith({"py": "#", "html": "{#", "js": "//"}[kind])


def look(root: Path) -> list[str]:
    """What is wrong under `root`, one line each; empty when all is well."""
    wrong = []
    excuses = allowed(root)
    used = set()
    for rule, (kind, pattern, why) in RULES.items():
        for name, path in files(root, kind):
            if rule == "inline style" and name.startswith(PAPER):
                continue
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if not re.search(pattern, line) or comment_only(kind, line):
                    continue
                if (name, rule) in excuses:
                    used.add((name, rule))
                else:
                    wrong.append(f"{name}:{number}: {rule}: {why}: {line.strip()[:80]}")
    for name, rule in sorted(set(excuses) - used):
        wrong.append(f"{ALLOWED}: nothing in {name} needs '{rule}' any more: take the line out")
    return wrong


if __name__ == "__main__":
    problems = look(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT)
    print("\n".join(problems) or "nothing forbidden")
    sys.exit(1 if problems else 0)
