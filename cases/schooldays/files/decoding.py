"""The bytes of a file as text, whatever program wrote them; and names as they are kept."""

from __future__ import annotations

import unicodedata

from .results import Refused


def text_of(data: bytes) -> str:
    """The text of a file, whatever program wrote it. Refused when it is no text."""
    start = data[:1_000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start:
        raise Refused("empty")
    for code, marks in (
        ("pdf", (b"%pdf",)),
        ("zip", (b"pk\x03\x04", b"pk\x05\x06", b"\xd0\xcf\x11\xe0")),
        ("html", (b"<!doctype", b"<html", b"<?xml", b"<head", b"<body")),
    ):
        if start.startswith(marks):
            raise Refused(code)
    text = _decoded(data)
    strange = sum(
        unicodedata.category(each) in ("Cc", "Cn", "Co") and each not in "\r\n\t\f" for each in text
    )
    if "\x00" in text or strange * 50 > len(text):
        raise Refused("binary")
    if not text.strip("\ufeff \t\r\n,;"):
        raise Refused("empty")
    return text.lstrip("\ufeff")


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in data[:200]:  # UTF-16 without its mark: every other byte of plain words is empty
        encodings = ["utf-16-le" if data[1:2] == b"\x00" else "utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1252", "latin-1"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("binary")
