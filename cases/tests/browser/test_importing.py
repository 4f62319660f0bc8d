"""A file with closed days: what is not plain is asked, everything is ticked and unticked, on any
width of screen.
"""

import datetime

import pytest

from .page_checks import axe_finds, sticks_out

NO_SCRIPTS = 820  # the width at which the browser runs no scripts
COLUMNS = ["name", "first", "last", "", "region"]


def table(today, width):
    """A file whose columns have names that say nothing, with a line that is no day."""
    day = datetime.date.fromisoformat(today) + datetime.timedelta(days=20)
    lines = ["blok;ingang;weer naar school;opmerking van de administratie die nogal lang is;waar"]
    for n, name in enumerate(
        ["Lentevakantie", f"Studiedag {width}", "Sportdag", f"Ouderavond {width} om 19.30 uur"]
    ):
        first = day + datetime.timedelta(days=10 * n)
        last = first + datetime.timedelta(days=4 if n == 0 else 0)
        lines.append(f"{name};{first:%d-%m-%Y};{last:%d-%m-%Y};x;{'Noord' if n % 2 else 'Zuid'}")
    return "\n".join([*lines, "Zomerfeest;ergens in juni;;nog af te spreken;"])


@pytest.mark.parametrize("width", [1280, 820, 390])
def test_a_file_is_asked_about_looked_at_and_added(app, visit, width):
    karel = visit("karel", width=width, java_script_enabled=width != NO_SCRIPTS)
    page = karel.page
    karel.go("/school/import/")
    text = table(app.ask("today"), width)
    if page.locator("input[name=again]").count():
        page.check("input[name=again]")
    file = {"name": "dagen.csv", "mimeType": "text/csv", "buffer": text.encode()}
    page.set_input_files("input[name=file]", file)
    page.click("main form button.btn-primary")
    page.wait_for_load_state()
    fits(page)
    for number, role in enumerate(COLUMNS):
        page.get_by_label(f"Kolom {number + 1}").select_option(role)
    page.click("main form button.btn-primary")
    page.wait_for_load_state()
    if page.locator("input[name=region]").count():
        fits(page)
        page.get_by_label("Regio Noord").check()
        page.click("main form button.btn-primary")
        page.wait_for_load_state()
    fits(page)
    main = page.inner_text("main")
    assert "Regel 6: Zomerfeest" in main and "ergens in juni" in main
    boxes = page.locator("input[name=row]")
    page.click("button[name=tick][value=all]")
    page.wait_for_load_state()
    assert all(each.is_checked() for each in boxes.all()) and boxes.count() == 2
    page.click("button[name=tick][value=none]")
    page.wait_for_load_state()
    assert not any(each.is_checked() for each in boxes.all())
    page.get_by_label("Studiedag").check()
    page.click("button.btn-primary")
    page.wait_for_load_state()
    assert f"Studiedag {width}" in app.ask("closed_days")


def fits(page):
    """Nothing sticks out at the side, and nothing is wrong for who cannot see or use a mouse."""
    # nothing can be measured in a page without scripts
    if page.viewport_size["width"] == NO_SCRIPTS:
        return
    assert not sticks_out(page) and not axe_finds(page)
