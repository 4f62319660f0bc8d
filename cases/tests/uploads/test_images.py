"""Uploads of photos: what comes in from a stranger's hand, and what may come out."""

import io
import random
import resource
import struct
import subprocess
import sys
import zipfile
import zlib
from dataclasses import FrozenInstanceError

import pytest
from django.utils import translation
from PIL import Image, ImageCms, PngImagePlugin

from cases.forms.enclosure_form import EnclosureForm
from cases.uploads import image_process, images
from cases.uploads.images import Photo, PhotoRefused, clean_photo

SECRET = b"Kerkstraat 7"
FORMS = ("JPEG", "PNG", "WEBP")


def encode(picture, form, **options):
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def drawing(size=(120, 80), mode="RGB"):
    """A picture with enough going on that a damaged copy of it is really damaged."""
    return Image.merge("RGB", [Image.radial_gradient("L").resize(size)] * 3).convert(mode)


def png(width, height, depth, colour, raw, extra=b""):
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + extra
        + chunk(b"IDAT", zlib.compress(raw))
        + chunk(b"IEND", b"")
    )


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def refused(data):
    with pytest.raises(PhotoRefused) as caught:
        clean_photo(data)
    assert caught.value.code in images.MESSAGES
    return caught.value.code


def cpu_of_children() -> float:
    """Seconds that processes which have ended worked for us; other work on the machine is none."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def parts(photo):
    """Names of the parts of a picture file, read byte by byte; whatever follows its end is
    "tail".
    """
    data, found = photo.data, []
    if photo.mime == "image/png":
        at = 8
        while at < len(data) and "IEND" not in found:
            found.append(data[at + 4 : at + 8].decode("latin-1"))
            at += 12 + int.from_bytes(data[at : at + 4], "big")
    else:
        at = 2
        while data[at + 1] != 0xDA:
            found.append(f"{data[at + 1]:02X}")
            at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        at = data.index(b"\xff\xd9", at) + 2
    return set(found) | ({"tail"} if at != len(data) else set())


def assert_clean(photo):
    assert isinstance(photo, Photo)
    assert 0 < max(photo.width, photo.height) <= 2400
    plain = {"IHDR", "IDAT", "IEND"} if photo.mime == "image/png" else {"E0", "DB", "C0", "C4"}
    assert parts(photo) <= plain
    with Image.open(io.BytesIO(photo.data)) as picture:
        picture.load()
        assert Image.MIME[picture.format] == photo.mime
        assert picture.size == (photo.width, photo.height)
        assert not picture.getexif()
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


# What a teacher may send


@pytest.mark.parametrize(
    ("form", "mime"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/jpeg")]
)
def test_photo_is_taken(form, mime):
    original = drawing()
    photo = clean_photo(encode(original, form))
    assert_clean(photo)
    assert (photo.mime, photo.width, photo.height) == (mime, 120, 80)
    result = Image.open(io.BytesIO(photo.data)).convert("RGB")
    for spot in ((60, 40), (5, 5), (100, 60)):
        assert abs(result.getpixel(spot)[0] - original.getpixel(spot)[0]) < 12
    with pytest.raises(FrozenInstanceError):
        photo.data = b""


@pytest.mark.parametrize(
    ("mode", "form"),
    [
        ("L", "JPEG"),
        ("CMYK", "JPEG"),
        ("1", "PNG"),
        ("LA", "PNG"),
        ("P", "PNG"),
        ("RGBA", "PNG"),
        ("RGBA", "WEBP"),
    ],
)
def test_every_usual_colour_form_is_taken(mode, form):
    assert_clean(clean_photo(encode(drawing(mode=mode), form)))


def test_sixteen_bit_grey_keeps_its_shades():
    raw = b"".join(b"\0" + struct.pack(">4H", 0, 0x4000, 0x8000, 0xFFFF) for _row in range(4))
    photo = clean_photo(png(4, 4, 16, 0, raw))
    row = [Image.open(io.BytesIO(photo.data)).getpixel((x, 0)) for x in range(4)]
    assert all(abs(seen - wanted) <= 1 for seen, wanted in zip(row, (0, 64, 128, 255), strict=True))


def test_see_through_parts_stay_in_png_and_become_white_in_jpeg():
    glass = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    kept = Image.open(io.BytesIO(clean_photo(encode(glass, "PNG")).data))
    assert kept.getpixel((20, 20))[3] == 0
    flat = Image.open(io.BytesIO(clean_photo(encode(glass, "WEBP", lossless=True)).data))
    assert min(flat.getpixel((20, 20))) > 250


def test_large_photo_is_scaled_in_proportion():
    photo = clean_photo(encode(drawing((6000, 4000)), "JPEG"))
    assert (photo.width, photo.height) == (2400, 1600)


def test_photograph_saved_as_png_becomes_a_jpeg():
    noise = Image.frombytes("RGB", (1400, 1400), random.Random(1).randbytes(1400 * 1400 * 3))
    photo = clean_photo(encode(noise, "PNG"))
    assert_clean(photo)
    assert photo.mime == "image/jpeg"


@pytest.mark.parametrize("pixels", [(8000, 5000), (5000, 8000)])
def test_forty_million_pixels_fit_in_the_memory_limit(pixels):
    picture = Image.new("RGBA", pixels, (10, 200, 30, 128))
    assert_clean(clean_photo(encode(picture, "WEBP", quality=10, method=0)))


# Orientation (EXIF 2.32: where row 0 and column 0 of the stored picture are to be seen)
TOP_LEFT_SHOWS_AT = {1: "TL", 2: "TR", 3: "BR", 4: "BL", 5: "TL", 6: "TR", 7: "BR", 8: "BL"}
TOP_RIGHT_SHOWS_AT = {1: "TR", 2: "TL", 3: "BL", 4: "BR", 5: "BL", 6: "BR", 7: "TR", 8: "TL"}


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_photo_is_put_upright(form, orientation):
    stored = Image.new("RGB", (96, 64), "white")
    stored.paste((255, 0, 0), (0, 0, 48, 32))
    stored.paste((0, 0, 255), (48, 0, 96, 32))
    note = Image.Exif()
    note[0x0112] = orientation
    photo = clean_photo(encode(stored, form, exif=note))
    assert_clean(photo)
    assert (photo.width, photo.height) == ((64, 96) if orientation > 4 else (96, 64))
    shown = Image.open(io.BytesIO(photo.data)).convert("RGB")
    right, low = photo.width - 8, photo.height - 8
    corner = {"TL": (8, 8), "TR": (right, 8), "BL": (8, low), "BR": (right, low)}
    red = shown.getpixel(corner[TOP_LEFT_SHOWS_AT[orientation]])
    blue = shown.getpixel(corner[TOP_RIGHT_SHOWS_AT[orientation]])
    assert red[0] > 200 and red[2] < 60
    assert blue[2] > 200 and blue[0] < 60


# What must not come through


def loaded(form):
    """A photo with every kind of note on it: place, camera, XMP, colour profile, comment, text."""
    note = Image.Exif()
    note[0x010E] = SECRET.decode()
    note[0x8825] = {1: "N", 2: (52.0, 5.0, 3.5), 3: "E", 4: (5.0, 7.0, 1.5)}
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + SECRET + b"</x:xmpmeta>"
    options = {"exif": note, "icc_profile": profile}
    if form == "PNG":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_text("Comment", SECRET.decode())
        options["pnginfo"].add_itxt("XML:com.adobe.xmp", xmp.decode())
        options["dpi"] = (300, 300)
    else:
        options["xmp"] = xmp
    if form == "JPEG":
        options["comment"] = SECRET
    return encode(drawing(), form, **options)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_no_note_survives(form):
    data = loaded(form)
    before = Image.open(io.BytesIO(data))
    assert SECRET in data and before.getexif().get_ifd(0x8825) and before.info["icc_profile"]
    photo = clean_photo(data)
    assert_clean(photo)
    assert SECRET not in photo.data


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_second_file_behind_the_photo_is_dropped(form):
    tail = io.BytesIO()
    with zipfile.ZipFile(tail, "w") as archive:
        archive.writestr("page.html", "<script>alert(1)</script>" + SECRET.decode())
    data = encode(drawing(), form) + tail.getvalue()
    assert zipfile.is_zipfile(io.BytesIO(data))
    photo = clean_photo(data)
    assert_clean(photo)
    assert not zipfile.is_zipfile(io.BytesIO(photo.data))
    assert SECRET not in photo.data and b"<script" not in photo.data


def test_second_picture_in_a_phone_photo_is_dropped():
    first, second = Image.new("RGB", (64, 64), "red"), Image.new("RGB", (64, 64), "blue")
    data = encode(first, "MPO", save_all=True, append_images=[second])
    assert Image.open(io.BytesIO(data)).n_frames == 2
    photo = clean_photo(data)
    assert_clean(photo)
    assert photo.data.count(b"\xff\xd8\xff") == 1
    assert Image.open(io.BytesIO(photo.data)).getpixel((30, 30))[0] > 200


# What is refused


def heic():
    return b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\xff\xd8\xff" + bytes(20 * 1024 * 1024), "too_big"),
        (b"Dear diary, this is not a photo.", "type"),
        (b"%PDF-1.7\n", "type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "type"),
        (encode(drawing(), "GIF"), "type"),
        (encode(drawing(), "BMP"), "type"),
        (encode(drawing(), "TIFF"), "type"),
        (encode(drawing(), "AVIF"), "type"),
        (heic(), "type"),
        (b"\xff\xd8\xff", "broken"),
        (b"\x89PNG\r\n\x1a\n", "broken"),
        (b"RIFF\0\0\0\0WEBP", "broken"),
        (encode(drawing(), "JPEG")[:-400], "broken"),
        (encode(drawing(), "PNG")[:-400], "broken"),
        (encode(drawing(), "WEBP")[:-40], "broken"),
    ],
)
def test_refused_with_its_reason(data, code):
    assert refused(data) == code


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_moving_picture_is_refused(form):
    frames = [Image.new("RGB", (32, 32), colour) for colour in ("red", "blue", "green")]
    data = encode(frames[0], form, save_all=True, append_images=frames[1:], duration=100)
    assert refused(data) == "frames"


def jpeg_claiming(width, height):
    data = bytearray(encode(drawing(), "JPEG"))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def webp_claiming(first, body):
    body = first + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


@pytest.mark.parametrize(
    "data",
    [
        png(50_000, 50_000, 8, 2, bytes(1000)),
        png(2**31 - 1, 2**31 - 1, 8, 2, bytes(1000)),
        png(1, 65_000_000, 1, 0, bytes(1000)),
        jpeg_claiming(50_000, 50_000),
        jpeg_claiming(8063, 8063),
        webp_claiming(b"VP8X", bytes(4) + (49_999).to_bytes(3, "little") * 2),
        webp_claiming(b"VP8L", b"\x2f\xff\xff\xff\x0f" + bytes(20)),
        webp_claiming(b"VP8 ", b"\0\0\0\x9d\x01\x2a\xff\x3f\xff\x3f" + bytes(20)),
    ],
)
def test_flood_of_pixels_is_refused_on_its_declared_size(data):
    before = cpu_of_children()
    assert refused(data) == "pixels"
    assert cpu_of_children() - before < 5, "it was opened"


def test_photo_that_never_finishes_is_stopped_by_the_cpu_limit():
    """A progressive JPEG of 40 million pixels that says "nothing changes" tens of thousands of
    times.
    """
    head = b"\xff\xd8\xff\xdb\0\x43\0" + b"\1" * 64
    head += b"\xff\xc2\0\x0b\x08" + struct.pack(">HH", 6300, 6300) + b"\1\1\x11\0"
    for table in (b"\0", b"\x10"):
        symbol = b"\xe0" if table == b"\x10" else b"\0"
        head += b"\xff\xc4\0\x14" + table + b"\1" + bytes(15) + symbol
    first_scan = b"\xff\xda\0\x08\1\1\0\0\0\0" + bytes(78_000)
    next_scan = b"\xff\xda\0\x08\1\1\0\1\x3f\0" + bytes(80)
    before = cpu_of_children()
    assert refused(head + first_scan + next_scan * 60_000 + b"\xff\xd9") == "timeout"
    assert cpu_of_children() - before < image_process.CPU_SECONDS + 5


def test_every_refusal_has_a_sentence_and_heic_has_its_own():
    codes = {"empty", "too_big", "type", "frames", "pixels", "broken", "timeout"}
    assert set(images.MESSAGES) == codes
    with translation.override(None):
        assert len({str(PhotoRefused(code).message) for code in codes}) == len(codes)
        with pytest.raises(PhotoRefused) as caught:
            clean_photo(heic())
        assert "Most Compatible" in str(caught.value.message)


# What phones and programs really send


@pytest.fixture(scope="module")
def large():
    """A photo as a phone makes it: 48 million pixels, more than 10 MB."""
    grain = Image.effect_noise((2016, 1512), 60).resize((8064, 6048), Image.Resampling.BICUBIC)
    tone = Image.radial_gradient("L").resize((8064, 6048))
    data = encode(Image.merge("RGB", [grain, tone, tone]), "JPEG", quality=90)
    assert 10_000_000 < len(data) < image_process.MAX_BYTES
    return data


def test_a_photo_of_48_million_pixels_is_taken(large):
    photo = clean_photo(large)
    assert_clean(photo)
    assert (photo.width, photo.height) == (2400, 1800)


@pytest.mark.parametrize("size", [(8160, 6120), (9280, 6944)])
def test_50_and_64_million_are_taken_too_also_when_they_come_line_by_line(size):
    photo = clean_photo(encode(Image.new("RGB", size, "teal"), "JPEG", progressive=True))
    assert_clean(photo)
    assert photo.width == 2400


def test_a_large_photo_takes_little_memory(large):
    """Measured in the process that opens it: a quarter of the pixels and the file itself."""
    code = (
        "import runpy, sys; sys.argv = ['x', 'jpeg']\n"
        f"runpy.run_path({images._PROGRAM!r}, run_name='__main__')\n"
        "found = open('/proc/self/status').read()\n"
        "sys.stderr.write(found.split('VmHWM:')[1].split()[0])"
    )
    # Without our environment, as `images` starts it: what counts coverage would be measured too.
    done = subprocess.run(
        [sys.executable, "-I", "-B", "-c", code], input=large, capture_output=True, env={}
    )
    assert done.returncode == 0
    assert int(done.stderr) < 250_000  # kB


@pytest.mark.parametrize("missing", [1, 2])
@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_rows": 1}])
def test_a_jpeg_without_its_last_bytes_is_read(missing, options):
    whole = encode(drawing((400, 300)), "JPEG", **options)
    photo = clean_photo(whole[:-missing])
    assert photo.data == clean_photo(whole).data


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_rows": 1}])
@pytest.mark.parametrize("missing", [40, 200, 1000])
def test_a_jpeg_of_which_more_is_missing_is_not(missing, options):
    assert (
        refused(encode(drawing((800, 600)), "JPEG", quality=95, **options)[:-missing]) == "broken"
    )


def test_the_limits_of_the_form_and_of_the_server_fit_those_of_the_photo(settings):
    # the rest of the form
    assert settings.FILE_UPLOAD_MAX_MEMORY_SIZE > image_process.MAX_BYTES + 100_000
    with translation.override("nl"):
        assert f"{image_process.MAX_BYTES >> 20} MB" in str(images.MESSAGES["too_big"])
        assert f"{image_process.MAX_PIXELS // 1_000_000} miljoen" in str(images.MESSAGES["pixels"])
        assert f"{image_process.MAX_BYTES >> 20} MB" in str(
            EnclosureForm.base_fields["photo"].help_text
        )
