"""The pupil's letter or drawing: photographed, kept without place or time, shown large, or kept on
paper.
"""

import io

import pytest
from PIL import Image


@pytest.fixture
def photo(tmp_path):
    """A photo as a phone makes it: large, with the place where it was taken."""
    path = tmp_path / "IMG_0001.jpg"
    image = Image.effect_noise((1600, 1200), 40).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = "CANARY-PHONE"
    where = exif.get_ifd(0x8825)
    where[1], where[2] = "N", (52.0, 22.0, 12.0)
    where[3], where[4] = "E", (4.0, 53.0, 42.0)
    image.save(path, exif=exif, quality=80)
    assert b"CANARY-PHONE" in path.read_bytes()
    return path


@pytest.fixture
def with_case(app):
    """A case for a pupil whose yes to showing was given."""

    def make(pupil):
        case = app.ask("begin", pupil=pupil, until="gather", words={"between.may_show": "yes"})
        return f"/cases/{case}"

    return make


def test_a_photo_is_kept_without_its_place_and_shown_as_large_as_the_screen(
    app, visit, photo, with_case
):
    base = with_case("Emma")
    anna = visit("anna")
    anna.go(f"{base}/1/talk/between/")
    anna.press("enclosure")
    anna.choose("kind", "drawing")
    anna.page.set_input_files("input[name=photo]", str(photo))
    assert "IMG_0001.jpg" in anna.page.inner_text("#photo-name")
    with anna.page.expect_navigation():
        anna.page.click("form[enctype] button.btn-primary")
    [kept] = app.ask("enclosures", pupil="Emma")
    stored = bytes.fromhex(kept["image"])
    assert b"CANARY-PHONE" not in stored
    opened = Image.open(io.BytesIO(stored))
    assert list(opened.size) == kept["size"] == [1600, 1200]
    assert not opened.getexif()

    with anna.page.expect_navigation():
        anna.page.click(f'a[href$="/enclosures/{kept["id"]}/"]')
    size = anna.page.locator("main img").evaluate(
        "async i => (await i.decode(), [i.naturalWidth, i.naturalHeight])"
    )
    assert size == [1600, 1200]
    shown = anna.page.locator("main img").bounding_box()
    assert shown["width"] > 900
    assert shown["width"] / shown["height"] == pytest.approx(4 / 3, rel=0.02)
    assert shown["y"] >= 0
    assert shown["y"] + shown["height"] <= 900


def test_on_paper_nothing_is_sent_and_taking_away_asks_nothing_more(app, visit, with_case):
    base = with_case("Finn")
    anna = visit("anna")
    anna.go(f"{base}/enclosures/")
    anna.choose("kind", "letter")
    anna.tick("on_paper")
    with anna.page.expect_navigation():
        anna.page.click("form[enctype] button.btn-primary")
    [kept] = app.ask("enclosures", pupil="Finn")
    assert kept["image"] == ""
    anna.go(f"{base}/enclosures/")
    with anna.page.expect_navigation():
        anna.page.click('form[action$="/remove/"] button')
    assert app.ask("enclosures", pupil="Finn") == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("letter.pdf", b"%PDF-1.7 not a photo"),
        ("letter.jpg", b"\xff\xd8\xff\xe0 broken off"),
        ("leeg.png", b""),
    ],
)
def test_a_file_that_is_no_photo_is_refused_beside_the_field(app, visit, tmp_path, name, content):
    base = f"/cases/{app.ask('cases')['Daan']['id']}"
    path = tmp_path / name
    path.write_bytes(content)
    anna = visit("anna")
    anna.go(f"{base}/enclosures/")
    anna.choose("kind", "letter")
    anna.page.set_input_files("input[name=photo]", str(path))
    with anna.page.expect_navigation():
        anna.page.click("form[enctype] button.btn-primary")
    remark = anna.page.locator(".st-question:has(input[name=photo]) .invalid-feedback")
    assert remark.inner_text().strip()
    assert anna.page.locator("[data-errors]").is_visible()
    assert anna.page.evaluate("document.activeElement.matches('[data-errors]')")
    assert anna.page.locator('input[name=kind][value="letter"]').is_checked()
    assert app.ask("enclosures", pupil="Daan") == []
