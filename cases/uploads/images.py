"""Safe photos: what a teacher uploads goes in, a freshly drawn picture without any notes comes out.

The upload itself is never kept and never opened in this process. `clean_photo` looks at the first
bytes, hands the rest to `image_process.py` in a process with little memory, little time, no
environment and no way to write files, and checks the answer. Safe to call from several threads.
"""

import json
import logging
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from cases.method.grammar import Text
from cases.uploads.image_process import FIT, MAX_BYTES

logger = logging.getLogger(__name__)

WALL_SECONDS = 15
# Each decoder may take 1.2 GB, so a class full of uploads must queue rather than fill the machine.
AT_ONCE = 2
QUEUE_SECONDS = 10
MAX_RESULT_BYTES = 24 * 1024 * 1024  # 2400 x 2400 in four channels, and a little

ACCEPT = "image/jpeg,image/png,image/webp"  # for the accept attribute of the field
RESULT_STARTS = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}

MESSAGES = {
    "empty": _("This file is empty. Choose the photo again."),
    "too_big": _(
        "This photo is larger than 20 MB. Take it again in a smaller size, or crop it first."
    ),
    "type": _("We cannot read this file. Choose a photo that is a JPEG, PNG or WebP file."),
    "frames": _("This picture moves. Choose a photo that stands still."),
    "pixels": _("This photo has more than 65 million pixels. Take it again in a smaller size."),
    "broken": _("This photo is damaged or not complete. Take it again or choose another one."),
    "timeout": _("Reading this photo took too long. Try again in a minute, or take a new photo."),
}
HEIC_MESSAGE = _(
    "This is a HEIC photo from an iPhone or iPad and we cannot read that type. Take the photo with "
    "the camera that opens from this page. Or choose Settings > Camera > Formats > Most Compatible "
    "on the device and take the photo again."
)
# Not opened here: a phone makes a JPEG of it by itself when this is what a page asks for (ACCEPT),
# and a decoder of video frames is a lot of code to put before hostile bytes for the few files that
# come another way.
_HEIC_BRANDS = {
    b"heic",
    b"heix",
    b"heim",
    b"heis",
    b"hevc",
    b"hevx",
    b"hevm",
    b"hevs",
    b"mif1",
    b"msf1",
}

_PROGRAM = str(Path(__file__).with_name("image_process.py"))
_places = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class Photo:
    """A picture that is safe to keep: `mime` is image/jpeg or image/png, width and height in
    pixels.
    """

    data: bytes
    mime: str
    width: int
    height: int


class PhotoRefused(ValueError):
    """A photo that is not taken. `code` is a key of MESSAGES, `message` a translatable sentence for
    the teacher at the field. Neither holds anything from the file.
    """

    def __init__(self, code: str, message: Text | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.message = MESSAGES[code] if message is None else message


def clean_photo(data: bytes) -> Photo:
    """Turn an upload into a picture that may be stored.

    In: the bytes of the upload. JPEG, PNG or WebP, at most 20 MB and 65 million pixels, one frame.
    What it is called does not matter: phones and programs call a JPEG .jfif, .HEIC or nothing at
    all. Out: a new picture, upright, at most 2400 pixels long, without metadata: PNG if a PNG came
    in and it stays small, else JPEG on white. Raises PhotoRefused and nothing else, whatever the
    bytes are. Takes at most 25 seconds.
    """
    if not data:
        raise PhotoRefused("empty")
    if len(data) > MAX_BYTES:
        raise PhotoRefused("too_big")
    kind = _kind(data)
    if kind is None:
        raise PhotoRefused("type", HEIC_MESSAGE if _is_heic(data) else None)
    return _read(_decode(kind, data))


def _kind(data: bytes) -> str | None:
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "webp"
    return None


def _is_heic(data: bytes) -> bool:
    return data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS


def _decode(kind: str, data: bytes) -> bytes:
    """The answer of the decoding process, as bytes. Trouble of the machine (no place, no memory to
    start a process) is reported as "timeout", because trying again is what helps then.
    """
    if not _places.acquire(timeout=QUEUE_SECONDS):
        logger.warning("photo refused: no free decoder within %s s", QUEUE_SECONDS)
        raise PhotoRefused("timeout")
    try:
        answer, status = _run([sys.executable, "-I", "-B", _PROGRAM, kind], data)
    except (OSError, RuntimeError):
        logger.exception("photo refused: the decoder could not be run")
        raise PhotoRefused("timeout") from None
    finally:
        _places.release()
    if status:
        logger.warning("photo refused: the decoder ended with status %s", status)
        # Killed by our clock or the CPU limit, or it could not start (a status above 0). What is
        # left is a signal from a crash inside a decoder, and that is the photo's doing.
        out_of_time = status in (-signal.SIGKILL, -signal.SIGXCPU)
        raise PhotoRefused("timeout" if out_of_time or status > 0 else "broken")
    return answer


def _run(command: list[str], data: bytes) -> tuple[bytes, int]:
    """Run `command` with `data` on its input; out: (output, exit status).

    Reads no more than MAX_RESULT_BYTES, so that a decoder that was taken over cannot fill our
    memory.
    """
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the decoder was started without pipes")
        alarm = threading.Timer(WALL_SECONDS, process.kill)
        try:
            alarm.start()
            try:
                # The program reads all input before it writes, so these two cannot wait for each
                # other.
                process.stdin.write(data)
                process.stdin.close()
            except BrokenPipeError:
                pass  # it died early; its status says why
            answer = process.stdout.read(MAX_RESULT_BYTES + 1)
            if len(answer) > MAX_RESULT_BYTES:
                process.kill()
            return answer, process.wait()
        except BaseException:
            process.kill()
            raise
        finally:
            alarm.cancel()


def _read(answer: bytes) -> Photo:
    """The Photo in the decoder's answer. Nothing in the answer is believed without a look."""
    line, _newline, body = answer.partition(b"\n")
    try:
        head = json.loads(line)
        refused = head.get("refused")
        if refused is not None:
            raise PhotoRefused(refused if refused in ("frames", "pixels") else "broken")
        photo = Photo(body, head["mime"], head["width"], head["height"])
        if not (
            body.startswith(RESULT_STARTS[photo.mime])
            and len(body) == head["length"]
            and all(type(side) is int and 0 < side <= FIT for side in (photo.width, photo.height))
        ):
            raise ValueError
    except PhotoRefused:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        logger.warning("photo refused: the decoder gave an unreadable answer")
        raise PhotoRefused("broken") from None
    return photo
