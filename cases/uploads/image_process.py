"""The program that opens a photo nobody has checked yet. `images.py` runs it as a process of its
own.

Run by file path, so neither Django nor this package is loaded beside hostile bytes:

    python -I -B image_process.py jpeg|png|webp  < photo  > answer

The answer is one line of JSON and, after an accepted photo, the bytes of the new picture:
`{"mime": ..., "width": ..., "height": ..., "length": ...}` or `{"refused": code}`.
Limits are set before the first line of Pillow is loaded, so that no decoder ever runs without them.
"""

from __future__ import annotations

import io
import json
import struct
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL import Image, ImageFile

MAX_BYTES = 20 * 1024 * 1024  # of the upload: a phone makes 8 to 16 MB of 48 million pixels
MAX_PIXELS = (
    65_000_000  # width x height, as declared in the file; phones make 48, 50 and 64 million
)
MAX_SIDE = (
    65_535  # what JPEG can hold; a PNG one pixel wide can cost far more memory than its area says
)
FIT = 2400  # pixels, longest side of the result
ENOUGH = 3 * FIT // 2  # pixels that a JPEG is decoded to at least: sharp after the last scaling
JPEG_QUALITY = 85
JPEG_END = b"\xff\xd9"
PNG_WORTH_KEEPING = 4 * 1024 * 1024  # a larger PNG is a photograph and becomes a JPEG

MEMORY_BYTES = 1_200_000_000
CPU_SECONDS = 8
OPEN_FILES = 32

# EXIF orientation -> name of the Pillow operation that puts the picture upright.
_UPRIGHT = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}
_ORIENTATION = 0x0112


class Refused(Exception):
    """Holds one of the codes of `images.PhotoRefused`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def clean(kind: str, data: bytes) -> tuple[str, int, int, bytes]:
    """Re-draw the picture in `data`. In: "jpeg", "png" or "webp" and the bytes of the upload.

    Out: mime type, width, height and bytes of a new picture that holds pixels and nothing else.
    Raises Refused with code "pixels", "frames" or "broken"; any other exception also means broken.
    """
    if kind == "webp":
        # Pillow's WebP decoder reserves the whole canvas on opening, so its size is read here
        # first.
        _check_size(*webp_size(data))
    try:
        picture, turn = _small(kind, data)
    except OSError:
        if kind != "jpeg":
            raise
        picture, turn = _without_end(data)
    return _write(picture, turn, keep_png=kind == "png")


def _small(kind: str, data: bytes) -> tuple[Image.Image, str | None]:
    """The picture in its final size, and how it has to be turned."""
    file = _open(kind, data)
    _check_size(*file.size)
    if getattr(file, "n_frames", 1) != 1:
        raise Refused("frames")
    if kind == "jpeg":
        # Lets libjpeg scale while it decodes, by 2, 4 or 8: a quarter of the memory for a large
        # photo.
        width, height = (side * ENOUGH // max(file.size) or 1 for side in file.size)
        file.draft(None, (width, height))
    file.load()
    turn = _UPRIGHT.get(_orientation(file) or 0)
    picture = _plain(file)
    picture.thumbnail((FIT, FIT))
    return picture, turn


def _without_end(data: bytes) -> tuple[Image.Image, str | None]:
    """A JPEG that breaks off, if nothing of the picture is missing but the two bytes that end it.

    Past the end of the picture any bytes before that mark are skipped; while something is missing
    they are taken for the picture. So both ways of ending it give the same picture only when it is
    whole.
    """
    from PIL import ImageChops

    data = data.rstrip(b"\xff")  # half a mark
    picture, turn = _small("jpeg", data + JPEG_END)
    other, _turn = _small("jpeg", data + b"\x55\xaa\x33" * 4000 + JPEG_END)
    if picture.size != other.size or ImageChops.difference(picture, other).getbbox() is not None:
        raise Refused("broken")
    return picture, turn


def webp_size(data: bytes) -> tuple[int, int]:
    """The canvas that a WebP file declares, in pixels, read without decoding anything."""
    first, body = data[12:16], data[20:30]
    if len(body) < 10:
        raise Refused("broken")
    if first == b"VP8X":
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if first == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if first == b"VP8 ":
        width, height = struct.unpack("<HH", body[6:10])
        return width & 0x3FFF, height & 0x3FFF
    raise Refused("broken")


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise Refused("pixels")


def _open(kind: str, data: bytes) -> ImageFile.ImageFile:
    """Open with exactly one decoder. `Image.open` would choose from dozens.

    A JPEG is opened as a plain JPEG also when a second picture follows the first (phones add depth
    and brightness maps that way): the first one is the photo, whatever comes after it is dropped.
    """
    from PIL import JpegImagePlugin, PngImagePlugin, WebPImagePlugin

    openers: dict[str, Callable[[io.BytesIO], ImageFile.ImageFile]] = {
        "jpeg": JpegImagePlugin.JpegImageFile,
        "png": PngImagePlugin.PngImageFile,
        "webp": WebPImagePlugin.WebPImageFile,
    }
    return openers[kind](io.BytesIO(data))


def _orientation(picture: Image.Image) -> int | None:
    try:
        return picture.getexif().get(_ORIENTATION)
    except Exception:  # noqa: BLE001  (a broken note about the photo is no reason to refuse the photo)
        return None


def _plain(picture: Image.Image) -> Image.Image:
    """The picture as 8-bit L, RGB or RGBA: the only shapes that are scaled and written."""
    mode = picture.mode
    if mode == "1":
        return picture.convert("L")
    if mode == "I" or mode.startswith("I;16"):
        # 16-bit grey; a plain convert would clip instead of scale.
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if picture.has_transparency_data:
        return picture if mode == "RGBA" else picture.convert("RGBA")
    return picture if mode in ("L", "RGB") else picture.convert("RGB")


def _write(picture: Image.Image, turn: str | None, keep_png: bool) -> tuple[str, int, int, bytes]:
    from PIL import Image

    if turn:
        picture = picture.transpose(Image.Transpose[turn])
    out = io.BytesIO()
    if keep_png:
        # Pixels are copied into a new image: an image that came from a file carries that file's
        # notes.
        fresh = Image.new(picture.mode, picture.size)
        fresh.paste(picture)
        fresh.save(out, "PNG")
        if out.tell() <= PNG_WORTH_KEEPING:
            return "image/png", *fresh.size, out.getvalue()
        out = io.BytesIO()
    if picture.mode == "RGBA":
        fresh = Image.new("RGB", picture.size, "white")
        fresh.paste(picture, mask=picture.getchannel("A"))
    else:
        fresh = Image.new(picture.mode, picture.size)
        fresh.paste(picture)
    fresh.save(out, "JPEG", quality=JPEG_QUALITY)
    return "image/jpeg", *fresh.size, out.getvalue()


def set_limits() -> None:
    """Take away from this process what decoding does not need. Cannot be undone."""
    import resource

    for what, wanted in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),  # no file can be written; pipes are not files
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_NPROC, 0),  # no further processes
        (resource.RLIMIT_CORE, 0),  # a crash must not leave the photo on disk
    ):
        hard = resource.getrlimit(what)[1]
        limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(what, (limit, limit))


def main() -> None:
    set_limits()
    # Loaded here and not on first use: a missing library must end this program, not pass for a
    # broken photo.
    from PIL import JpegImagePlugin, PngImagePlugin, WebPImagePlugin  # noqa: F401  (they register themselves)

    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    body = b""
    try:
        mime, width, height, body = clean(sys.argv[1], data)
        head: dict[str, str | int] = {
            "mime": mime,
            "width": width,
            "height": height,
            "length": len(body),
        }
    except Refused as refusal:
        head = {"refused": refusal.code}
    except Exception:  # noqa: BLE001  (decoders raise nearly anything on broken bytes)
        head = {"refused": "broken"}
    sys.stdout.buffer.write(json.dumps(head).encode("ascii") + b"\n" + body)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
