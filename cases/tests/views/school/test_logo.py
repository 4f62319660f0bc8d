"""The logo of the school: a clean picture comes in, anything else is refused in words."""

import io
import os
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from cases.models import JournalEntry, SchoolLogo
from cases.printing import documents
from cases.tests.printing.pdf_reader import open_pdf
from cases.tests.world import POINT

CORPORA = Path(os.environ.get("STEENTJE_CORPORA", "corpora")) / "images"


@pytest.fixture
def coordinator(world):
    return world.client("coordinator")


def picture(form="PNG", size=(300, 120), **options):
    out = io.BytesIO()
    Image.radial_gradient("L").resize(size).convert("RGB").save(out, form, **options)
    return out.getvalue()


def send(client, data, name="logo.png"):
    return client.post(reverse("logo"), {"logo": SimpleUploadedFile(name, data)})


def test_a_logo_is_made_anew_kept_and_shown(world, coordinator):
    data = picture("JPEG", exif=Image.Exif(), comment=b"Kerkstraat 7")
    assert send(coordinator, data, "logo.jpg").status_code == 302
    logo = SchoolLogo.objects.get(school=world.school)
    assert (logo.mime, logo.width, logo.height) == ("image/jpeg", 300, 120)
    assert b"Kerkstraat" not in bytes(logo.image) and bytes(logo.image) != data
    answer = coordinator.get(reverse("logo-image"))
    assert answer.content == bytes(logo.image) and "attachment" in answer["Content-Disposition"]
    assert "sandbox" in answer["Content-Security-Policy"]
    assert JournalEntry.objects.filter(thing="school/logo", fields=["logo"]).exists()
    assert "logo" in coordinator.get(reverse("logo")).content.decode()


def test_it_stands_on_letters_and_not_on_slips_or_sheets(world, coordinator):
    send(coordinator, picture())
    teacher = world.client("teacher")

    def pictures(key):
        paper = documents.all_documents()[key]
        url = reverse("case-paper-file", args=[world.mine.case.pk, key, paper.filename])
        return sum(
            len(page.get_images(recursive=False))
            for page in open_pdf(teacher.get(url).content).pages
        )

    assert pictures("parents") == pictures("colleagues") == 1
    assert pictures("invitation") > 0
    assert not pictures("slips") and not pictures("sheet-talk") and not pictures("report")
    teacher.post(reverse("case-paper", args=[world.mine.case.pk, "parents"]), {"go": "choices"})
    assert pictures("parents") == 0


def test_taken_away_it_is_gone(world, coordinator):
    coordinator.post(reverse("logo-remove"))
    assert not SchoolLogo.objects.filter(school=world.school).exists()
    assert coordinator.get(reverse("logo-image")).status_code == 404
    assert coordinator.post(reverse("logo-remove")).status_code == 302


WRONG = {
    "nothing": (b"", "logo.png"),
    "no picture": (b"<svg onload=alert(1)>", "logo.svg"),
    "html as png": (b"<html><script>", "logo.png"),
    "half a png": (picture()[:200], "logo.png"),
    "too large": (POINT + b"\0" * 2_100_000, "logo.png"),
    "far too large": (POINT + b"\0" * 24_000_000, "logo.png"),
    "a path": (b"\xff\xd8\xff", "../../etc/passwd"),
}


@pytest.mark.parametrize("name", ["logo.jpg", "LOGO.JFIF", "logo", "logo.heic"])
def test_what_it_is_called_does_not_matter(world, coordinator, name):
    before = bytes(SchoolLogo.objects.get(school=world.school).image)
    assert send(coordinator, picture(), name).status_code == 302
    kept = SchoolLogo.objects.get(school=world.school)
    assert kept.mime == "image/png"
    assert bytes(kept.image) != before
    answer = coordinator.get(reverse("logo-image"))
    assert (answer["Content-Type"], answer["Content-Disposition"]) == (
        "image/png",
        "attachment; filename=logo.png",
    )


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_no_logo_is_refused_in_words_and_the_old_one_stays(world, coordinator, wrong):
    before = bytes(SchoolLogo.objects.get(school=world.school).image)
    answer = send(coordinator, *WRONG[wrong])
    assert answer.status_code == 422 and "invalid-feedback" in answer.content.decode()
    assert bytes(SchoolLogo.objects.get(school=world.school).image) == before
    assert coordinator.post(reverse("logo"), {"logo": "text"}).status_code == 422
    assert coordinator.post(reverse("logo")).status_code == 422


@pytest.mark.skipif(
    not CORPORA.is_dir(), reason="set STEENTJE_CORPORA to a folder with damaged images"
)
def test_damaged_pictures_from_others_never_break_the_page(coordinator):
    found = [
        path
        for path in sorted(CORPORA.rglob("*"))
        if path.suffix in (".png", ".jpg", ".jpeg", ".webp")
    ]
    assert found
    for path in found[:60]:
        assert send(coordinator, path.read_bytes(), path.name).status_code in (302, 422), path.name
