"""Uploads of photos: what comes in from a stranger's hand, and what may come out."""

import io
import random
import struct
import time
import zipfile
import zlib
from dataclasses import FrozenInstanceError

import pytest
from django.utils import translation
from PIL import Image, ImageCms, PngImagePlugin

from cases import images
from cases.images import Photo, PhotoRefused, clean_photo

SECRET = b"Kerkstraat 7"
NAMES = {"JPEG": "photo.jpg", "PNG": "photo.png", "WEBP": "photo.webp"}


def encode(picture, form, **options):
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def drawing(size=(120, 80), mode="RGB"):
    """A picture with enough going on that a damaged copy of it is really damaged."""
    return Image.merge("RGB", [Image.radial_gradient("L").resize(size)] * 3).convert(mode)


def png(width, height, depth, colour, raw, extra=b""):
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + extra + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def refused(data, name):
    with pytest.raises(PhotoRefused) as caught:
        clean_photo(data, name)
    assert caught.value.code in images.MESSAGES
    return caught.value.code


def parts(photo):
    """Names of the parts of a picture file, read byte by byte; whatever follows its end is "tail"."""
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
    ("form", "name", "mime"),
    [
        ("JPEG", "photo.jpg", "image/jpeg"),
        ("JPEG", "IMG_0001.JPEG", "image/jpeg"),
        ("PNG", "drawing.png", "image/png"),
        ("WEBP", "letter.two.webp", "image/jpeg"),
    ],
)
def test_photo_is_taken(form, name, mime):
    original = drawing()
    photo = clean_photo(encode(original, form), name)
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
    assert_clean(clean_photo(encode(drawing(mode=mode), form), NAMES[form]))


def test_sixteen_bit_grey_keeps_its_shades():
    raw = b"".join(b"\0" + struct.pack(">4H", 0, 0x4000, 0x8000, 0xFFFF) for _row in range(4))
    photo = clean_photo(png(4, 4, 16, 0, raw), "scan.png")
    row = [Image.open(io.BytesIO(photo.data)).getpixel((x, 0)) for x in range(4)]
    assert all(abs(seen - wanted) <= 1 for seen, wanted in zip(row, (0, 64, 128, 255), strict=True))


def test_see_through_parts_stay_in_png_and_become_white_in_jpeg():
    glass = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    kept = Image.open(io.BytesIO(clean_photo(encode(glass, "PNG"), "a.png").data))
    assert kept.getpixel((20, 20))[3] == 0
    flat = Image.open(io.BytesIO(clean_photo(encode(glass, "WEBP", lossless=True), "a.webp").data))
    assert min(flat.getpixel((20, 20))) > 250


def test_large_photo_is_scaled_in_proportion():
    photo = clean_photo(encode(drawing((6000, 4000)), "JPEG"), "a.jpg")
    assert (photo.width, photo.height) == (2400, 1600)


def test_photograph_saved_as_png_becomes_a_jpeg():
    noise = Image.frombytes("RGB", (1400, 1400), random.Random(1).randbytes(1400 * 1400 * 3))
    photo = clean_photo(encode(noise, "PNG"), "a.png")
    assert_clean(photo)
    assert photo.mime == "image/jpeg"


@pytest.mark.parametrize("pixels", [(8000, 5000), (5000, 8000)])
def test_forty_million_pixels_fit_in_the_memory_limit(pixels):
    picture = Image.new("RGBA", pixels, (10, 200, 30, 128))
    assert_clean(clean_photo(encode(picture, "WEBP", quality=10, method=0), "a.webp"))


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
    photo = clean_photo(encode(stored, form, exif=note), NAMES[form])
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
    photo = clean_photo(data, NAMES[form])
    assert_clean(photo)
    assert SECRET not in photo.data


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_second_file_behind_the_photo_is_dropped(form):
    tail = io.BytesIO()
    with zipfile.ZipFile(tail, "w") as archive:
        archive.writestr("page.html", "<script>alert(1)</script>" + SECRET.decode())
    data = encode(drawing(), form) + tail.getvalue()
    assert zipfile.is_zipfile(io.BytesIO(data))
    photo = clean_photo(data, NAMES[form])
    assert_clean(photo)
    assert not zipfile.is_zipfile(io.BytesIO(photo.data))
    assert SECRET not in photo.data and b"<script" not in photo.data


def test_second_picture_in_a_phone_photo_is_dropped():
    first, second = Image.new("RGB", (64, 64), "red"), Image.new("RGB", (64, 64), "blue")
    data = encode(first, "MPO", save_all=True, append_images=[second])
    assert Image.open(io.BytesIO(data)).n_frames == 2
    photo = clean_photo(data, "IMG_2.jpg")
    assert_clean(photo)
    assert photo.data.count(b"\xff\xd8\xff") == 1
    assert Image.open(io.BytesIO(photo.data)).getpixel((30, 30))[0] > 200
    assert refused(data, "IMG_2.mpo") == "extension"


# What is refused


def heic():
    return b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200)


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.jpg", "empty"),
        (b"\xff\xd8\xff" + bytes(10 * 1024 * 1024), "a.jpg", "too_big"),
        (b"Dear diary, this is not a photo.", "a.jpg", "type"),
        (b"%PDF-1.7\n", "a.pdf", "type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.png", "type"),
        (encode(drawing(), "GIF"), "a.png", "type"),
        (encode(drawing(), "BMP"), "a.jpg", "type"),
        (encode(drawing(), "TIFF"), "a.jpg", "type"),
        (encode(drawing(), "AVIF"), "a.jpg", "type"),
        (heic(), "IMG_1.HEIC", "type"),
        (heic(), "IMG_1.jpg", "type"),
        (encode(drawing(), "JPEG"), "a.png", "extension"),
        (encode(drawing(), "PNG"), "a.jpg", "extension"),
        (encode(drawing(), "WEBP"), "a.png", "extension"),
        (encode(drawing(), "JPEG"), "a.jpg.html", "extension"),
        (encode(drawing(), "JPEG"), "jpg", "extension"),
        (encode(drawing(), "JPEG"), "", "extension"),
        (b"\xff\xd8\xff", "a.jpg", "broken"),
        (b"\x89PNG\r\n\x1a\n", "a.png", "broken"),
        (b"RIFF\0\0\0\0WEBP", "a.webp", "broken"),
        (encode(drawing(), "JPEG")[:-400], "a.jpg", "broken"),
        (encode(drawing(), "PNG")[:-400], "a.png", "broken"),
        (encode(drawing(), "WEBP")[:-40], "a.webp", "broken"),
    ],
)
def test_refused_with_its_reason(data, name, code):
    assert refused(data, name) == code


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_moving_picture_is_refused(form):
    frames = [Image.new("RGB", (32, 32), colour) for colour in ("red", "blue", "green")]
    data = encode(frames[0], form, save_all=True, append_images=frames[1:], duration=100)
    assert refused(data, NAMES[form]) == "frames"


def jpeg_claiming(width, height):
    data = bytearray(encode(drawing(), "JPEG"))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def webp_claiming(first, body):
    body = first + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (png(50_000, 50_000, 8, 2, bytes(1000)), "a.png"),
        (png(2**31 - 1, 2**31 - 1, 8, 2, bytes(1000)), "a.png"),
        (png(1, 40_000_000, 1, 0, bytes(1000)), "a.png"),
        (jpeg_claiming(50_000, 50_000), "a.jpg"),
        (jpeg_claiming(6325, 6325), "a.jpg"),
        (webp_claiming(b"VP8X", bytes(4) + (49_999).to_bytes(3, "little") * 2), "a.webp"),
        (webp_claiming(b"VP8L", b"\x2f\xff\xff\xff\x0f" + bytes(20)), "a.webp"),
        (webp_claiming(b"VP8 ", b"\0\0\0\x9d\x01\x2a\xff\x3f\xff\x3f" + bytes(20)), "a.webp"),
    ],
)
def test_flood_of_pixels_is_refused_on_its_declared_size(data, name):
    start = time.monotonic()
    assert refused(data, name) == "pixels"
    assert time.monotonic() - start < 5


def test_photo_that_never_finishes_is_stopped_by_the_cpu_limit():
    """A progressive JPEG of 40 million pixels that says "nothing changes" tens of thousands of times."""
    head = b"\xff\xd8\xff\xdb\0\x43\0" + b"\1" * 64
    head += b"\xff\xc2\0\x0b\x08" + struct.pack(">HH", 6300, 6300) + b"\1\1\x11\0"
    for table in (b"\0", b"\x10"):
        symbol = b"\xe0" if table == b"\x10" else b"\0"
        head += b"\xff\xc4\0\x14" + table + b"\1" + bytes(15) + symbol
    first_scan = b"\xff\xda\0\x08\1\1\0\0\0\0" + bytes(78_000)
    next_scan = b"\xff\xda\0\x08\1\1\0\1\x3f\0" + bytes(80)
    start = time.monotonic()
    assert refused(head + first_scan + next_scan * 60_000 + b"\xff\xd9", "a.jpg") == "timeout"
    assert time.monotonic() - start < images.WALL_SECONDS


def test_every_refusal_has_a_sentence_and_heic_has_its_own():
    codes = {"empty", "too_big", "type", "extension", "frames", "pixels", "broken", "timeout"}
    assert set(images.MESSAGES) == codes
    with translation.override(None):
        assert len({str(PhotoRefused(code).message) for code in codes}) == len(codes)
        with pytest.raises(PhotoRefused) as caught:
            clean_photo(heic(), "IMG_1.HEIC")
        assert "Most Compatible" in str(caught.value.message)
