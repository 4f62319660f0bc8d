"""Planning around a holiday: the school closes, the page warns, the day moves, and what depends on
it is asked.
"""

import datetime

import pytest

from cases.schooldays.regions import school_year

from .page_checks import axe_finds

WINDOW = (8, 14)  # the pupil's talk, in days after the first talk


def day(text):
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_holiday_is_added_planned_around_and_the_meeting_moved(app, visit, scripts):
    pupil = "Esma" if scripts else "Thijs"
    name = "Lentevakantie" if scripts else "Kampvakantie"
    case = app.ask("begin", pupil=pupil, until="gather")
    today = day(app.ask("today"))
    first, last = (today + datetime.timedelta(days=n) for n in WINDOW)
    possible = [each for each in app.ask("only_school_days", days=40) if first <= day(each) <= last]

    # The administrator closes all but one of the days on which the pupil would be spoken with.
    karel = visit("karel", java_script_enabled=scripts)
    karel.go("/school/")
    karel.page.click("text=Zet een vrije dag erbij")
    karel.fill("name", name)
    karel.fill("first", possible[0])
    karel.fill("last", possible[-2])
    karel.press("save")
    assert name in karel.page.inner_text("main")
    assert app.ask("closed_days")[name] == [possible[0], possible[-2]]
    assert pupil not in karel.page.content()

    # The teacher is warned in words, and only the day that is left fits.
    anna = visit("anna", java_script_enabled=scripts)
    page = anna.page
    anna.go(f"/cases/{case}/plan/pupil/")
    assert f"Door de {name.lower()} blijft één dag over" in page.inner_text("main")
    fitting = page.locator(".st-days label.fits input[name=plan]")
    assert [each.get_attribute("value") for each in fitting.all()] == [possible[-1]]
    anna.choose("plan", possible[-1])
    anna.press("save")
    assert app.ask("planned", pupil=pupil)["pupil"] == [possible[-1], "planned"]

    # A meeting that fits asks nothing; moved to the day of the talk, it does.
    anna.go(f"/cases/{case}/plan/meeting/")
    anna.first_good_day()
    anna.press("save")
    assert page.url.endswith(f"/cases/{case}/")
    anna.go(f"/cases/{case}/plan/meeting/")
    anna.choose("plan", "other")
    anna.fill("plan_other", possible[-1])
    anna.fill("plan_reason", "De zaal is eerder niet vrij.")
    anna.press("save")
    assert page.url.endswith(f"/cases/{case}/moved/meeting/")
    assert "heeft de groep nog geen tijd gehad" in page.inner_text("main")
    # nothing moves by itself
    assert app.ask("planned", pupil=pupil)["pupil"] == [
        possible[-1],
        "planned",
    ]
    if scripts:
        assert axe_finds(page) == []
    chosen = page.locator("[name=day_pupil] option").nth(1).get_attribute("value")
    page.select_option("[name=day_pupil]", chosen)
    with page.expect_navigation():
        page.click("main form button")
    assert page.url.endswith(f"/cases/{case}/")
    planned = app.ask("planned", pupil=pupil)
    assert planned["pupil"] == [chosen, "planned"]
    assert day(chosen) > day(planned["meeting"][0])

    # And the administrator takes the holiday away again.
    karel.go(f"/school/?year={school_year(day(possible[0]))}")
    karel.page.click(f"tr:has-text('{name}') a")
    karel.press("remove")
    assert name not in app.ask("closed_days")
