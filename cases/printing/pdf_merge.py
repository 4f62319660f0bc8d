"""Finished PDFs: laid behind each other, and shown as pictures.

Pages that are laid behind each other lose their tags, because pdfium copies pages and not the tree
that belongs to them; a print of one paper is one document and keeps its own.
"""

import io
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence

import pypdfium2 as pdfium
from django.utils.translation import gettext_lazy as _

from .documents import DocumentPart
from .pdf_rendering import PaperRefused

KEPT_SECONDS, MOST_KEPT = 120, 8
LARGEST_KEPT = 16 * 1024 * 1024  # bytes, of all together
MOST_SHOWN = 12  # pages of a preview
WIDTH = 900  # pixels
# What pdfium writes about itself and the moment; its place is taken by our title, byte for byte as
# long.
_ABOUT = re.compile(rb"<</CreationDate\([^()]*\)/Creator\(PDFium\)/Producer\(PDFium\)>>")
TITLE = b"/Title(Steentje)"

_one_at_a_time = threading.RLock()  # pdfium is not made for several threads
# in memory only, in this process, for the pictures of one look
_kept: OrderedDict[tuple[str, ...], tuple[float, bytes]] = OrderedDict()


def merged(parts: list[bytes]) -> bytes:
    """The documents one behind the other. Each begins on a leaf of its own, also on a printer that
    prints on both sides: an odd one is followed by an empty side. Nothing stands in the properties
    but our name.
    """
    if len(parts) == 1:
        return parts[0]
    with _one_at_a_time:
        whole = pdfium.PdfDocument.new()
        try:
            for part in parts:
                if len(whole) % 2:
                    whole.new_page(*whole[len(whole) - 1].get_size())
                document = pdfium.PdfDocument(part)
                try:
                    whole.import_pages(document)
                finally:
                    document.close()
            out = io.BytesIO()
            whole.save(out)
        finally:
            whole.close()
    return _ABOUT.sub(
        lambda found: b"<<" + TITLE.ljust(len(found[0]) - 4) + b">>", out.getvalue(), count=1
    )


def sizes(data: bytes) -> list[tuple[int, int]]:
    """For each page of a PDF of ours, width and height in pixels of its `picture`."""
    with _one_at_a_time:
        document = pdfium.PdfDocument(data)
        try:
            return [(WIDTH, round(WIDTH * high / wide)) for wide, high in map(_size, document)]
        finally:
            document.close()


def _size(page: pdfium.PdfPage) -> tuple[float, float]:
    size: tuple[float, float] = page.get_size()
    return size


def picture(data: bytes, number: int) -> bytes:
    """Page ``number`` (from 1) as a PNG, WIDTH pixels wide. IndexError past the last."""
    with _one_at_a_time:
        document = pdfium.PdfDocument(data)
        try:
            if not 1 <= number <= len(document):
                raise IndexError(number)
            page = document[number - 1]
            image = page.render(scale=WIDTH / page.get_width()).to_pil()
        finally:
            document.close()
    out = io.BytesIO()
    image.quantize(64).save(out, "PNG", optimize=False)
    return out.getvalue()


def made(parts: Sequence[DocumentPart]) -> bytes:
    """The parts as one PDF; made anew, or as it was a moment ago when nothing changed since.

    PaperRefused as `pdf_rendering.pdf` says it.
    """
    if not parts:
        raise PaperRefused(_("There is nothing to print here."))
    key = tuple(part.digest for part in parts)
    with _one_at_a_time:
        _forget(time.monotonic())
        found = _kept.get(key)
    if found is not None:
        return found[1]
    data = merged([part.make() for part in parts])
    with _one_at_a_time:
        _kept[key] = (time.monotonic(), data)
        _forget(time.monotonic())
    return data


def _forget(now: float) -> None:
    for key in [key for key, (at, _data) in _kept.items() if now - at > KEPT_SECONDS]:
        del _kept[key]
    while _kept and (
        len(_kept) > MOST_KEPT or sum(len(data) for _at, data in _kept.values()) > LARGEST_KEPT
    ):
        _kept.popitem(last=False)
