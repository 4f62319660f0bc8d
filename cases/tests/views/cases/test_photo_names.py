"""A photo is taken for what is in it, whatever it is called, and given out under the name that
fits.
"""

import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from cases.models import Enclosure


def photo(form):
    out = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(out, form)
    return out.getvalue()


@pytest.mark.inventory("S1.11")
@pytest.mark.parametrize(
    ("name", "form", "given"),
    [
        ("IMG_0001.jfif", "JPEG", "image.jpeg"),
        ("IMG_0001.HEIC", "JPEG", "image.jpeg"),
        ("IMG_0001.MPO", "JPEG", "image.jpeg"),
        ("foto", "JPEG", "image.jpeg"),
        ("foto.jpg.html", "JPEG", "image.jpeg"),
        ("FOTO.JPG", "PNG", "image.png"),
        ("foto.png", "WEBP", "image.jpeg"),
    ],
)
def test_what_is_in_it_counts(world, name, form, given):
    client, case = world.client("teacher"), world.mine.case
    data = {
        "kind": "letter",
        "client_key": str(uuid.uuid4()),
        "photo": SimpleUploadedFile(name, photo(form)),
    }
    assert client.post(reverse("case-enclosures", args=[case.pk]), data).status_code == 302
    kept = Enclosure.objects.filter(case=case).exclude(pk=world.mine.enclosure.pk).get()
    answer = client.get(reverse("case-enclosure-image", args=[case.pk, kept.pk]))
    assert answer["Content-Disposition"] == f"attachment; filename={given}"
    assert answer["Content-Type"] == f"image/{given.partition('.')[2]}"
    assert Image.open(io.BytesIO(answer.content)).format.lower() == given.partition(".")[2]


def test_a_photo_that_no_browser_turned_into_a_jpeg_gets_a_plain_answer(world):
    client, case = world.client("teacher"), world.mine.case
    heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(2000)
    data = {
        "kind": "letter",
        "client_key": str(uuid.uuid4()),
        "photo": SimpleUploadedFile("a.jpg", heic),
    }
    answer = client.post(reverse("case-enclosures", args=[case.pk]), data)
    assert answer.status_code == 422
    assert "Meest compatibel" in answer.content.decode()


def test_fifteen_megabytes_come_through_the_form(world):
    client, case = world.client("teacher"), world.mine.case
    large = photo("JPEG") + b"\0" * 15_000_000
    data = {
        "kind": "letter",
        "client_key": str(uuid.uuid4()),
        "photo": SimpleUploadedFile("a.jpg", large),
    }
    assert client.post(reverse("case-enclosures", args=[case.pk]), data).status_code == 302
    data["photo"] = SimpleUploadedFile("a.jpg", photo("JPEG") + b"\0" * 22_000_000)
    answer = client.post(reverse("case-enclosures", args=[case.pk]), data)
    assert answer.status_code == 422
    assert "groter dan 20 MB" in answer.content.decode()
