"""The school's forms when the sign-in has ended: what was typed waits behind the sign-in page."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cases.actions import appointments
from cases.actions.step_order import NotYet
from cases.models import ClosedDay, PendingPost
from cases.tests.world import CLOSED_DAY, TODAY, at
from cases.views.form_owner import made_for

from ..cases.test_typing import TYPED, sign_in

WINDOWS = {
    "meeting_first": 1, "meeting_last": 6, "pupil_first": 8, "pupil_last": 14,
    "interim_first": 3, "interim_last": 7, "members_first": 10, "members_last": 14,
}  # fmt: skip
FORMS = {
    "add": ("school-day-add", [], {"name": TYPED, "first": "2026-12-08", "last": ""}, TYPED),
    "change": (
        "school-day",
        [CLOSED_DAY],
        {"name": TYPED, "first": "2026-12-08", "last": ""},
        TYPED,
    ),
    "settings": (
        "school-settings",
        [],
        {"free_weekdays": ["5", "6"], "place": "NL", "late_to_coordinator": "17"},
        'value="17"',
    ),
    "windows": ("school-windows", [], WINDOWS, 'value="6"'),
}


def sent_signed_out(world, url, data):
    """A form of the administrator that came after the sign-in had ended; the browser, signed in
    again.
    """
    client = Client()
    karel = world.people["administrator"]
    client.post(url, {**data, "made_for": made_for(karel)}, HTTP_REFERER=f"http://testserver{url}")
    sign_in(client, karel, url)
    return client


@pytest.mark.parametrize("which", FORMS)
def test_what_was_typed_is_there_after_signing_in_and_can_be_saved(world, which):
    name, args, data, shown = FORMS[which]
    url = reverse(name, args=args)
    with at(TODAY):
        page = world.client("administrator").get(url).content.decode()
        assert 'name="made_for"' in page and shown not in page
        client = sent_signed_out(world, url, data)
        assert shown in client.get(url).content.decode()
        assert client.post(url, data).status_code == 302
        assert not PendingPost.objects.exists()


def test_the_ticked_years_of_a_region(world):
    url = reverse("school-region")
    with at(TODAY):
        client = sent_signed_out(world, url, {"region": "NL-Noord", "year": ["2027"]})
        page = client.get(url)
        ticked = {plan["year"]: plan["ticked"] for plan in page.context["plans"]}
        assert ticked.pop(2027) and not any(ticked.values())
        assert client.get(url, {"region": "NL-Zuid"}).context["chosen"] == "NL-Zuid"
        assert client.post(url, {"region": "NL-Noord", "year": ["2027"]}).status_code == 302
    assert not PendingPost.objects.exists()


def test_the_ticked_lines_of_a_file(world):
    url = reverse("school-import")
    lines = (
        "naam,van,tot\nStudiedag een,2026-12-08,2026-12-08\nStudiedag twee,2026-12-09,2026-12-09\n"
    )
    with at(TODAY):
        upload = {"file": SimpleUploadedFile("dagen.csv", lines.encode())}
        preview = world.client("administrator").post(url, upload)
        assert len(preview.context["rows"]) == 2
        data = {"rows": preview.context["signed"], "row": ["1"]}
        client = sent_signed_out(world, url, data)
        page = client.get(url)
        assert [(row["row"].name, row["ticked"]) for row in page.context["rows"]] == [
            ("Studiedag een", False),
            ("Studiedag twee", True),
        ]
        assert "preview" not in client.get(url + "?other").context
        assert client.post(url, {"rows": page.context["signed"], "row": ["1"]}).status_code == 302
    assert ClosedDay.objects.filter(name="Studiedag twee").exists()
    assert not PendingPost.objects.exists()


def test_a_day_that_could_not_be_planned_stays_kept(world, monkeypatch):
    told, teacher = world.second, world.people["teacher"]
    url = reverse("case-plan", args=[told.case.pk, "pupil"])
    data = {"plan": "other", "plan_other": "2026-11-20", "plan_reason": TYPED}
    client = Client()
    client.post(
        url, {**data, "made_for": made_for(teacher)}, HTTP_REFERER=f"http://testserver{url}"
    )
    sign_in(client, teacher, url)

    def not_yet(*_args, **_named):
        raise NotYet

    monkeypatch.setattr(appointments, "plan_from", not_yet)
    assert client.post(url, data).status_code == 302
    assert PendingPost.objects.exists()
    monkeypatch.undo()
    assert client.post(url, data).status_code == 302
    assert not PendingPost.objects.exists()
