"""Tags and filters on plain data: what a reader sees, and that nothing typed becomes markup."""

import re
from datetime import UTC, date, datetime, time
from itertools import pairwise

import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy, override

from cases.models import Appointment
from cases.schooldays import school_calendar
from cases.schooldays.windows import Window
from cases.templatetags import steentje

WEEK = {"nl": "dinsdag 13 oktober", "en": "Tuesday 13 October", "de": "Dienstag, 13. Oktober"}


def render(source, **context):
    return Template("{% load steentje %}" + source).render(Context(context))


def numbers(svg, attribute):
    return [float(value) for value in re.findall(rf' {attribute}="([^"]*)"', svg)]


def steps(states, moments):
    """Tiles of steps; the last moment comes after the waiting time."""
    return [
        {"number": n, "state": state, "moment": moment, "after_wait": moment == moments[-1]}
        for n, (state, moment) in enumerate(zip(states, moments, strict=True), 1)
    ]


# --- words and dates


def test_a_name_with_markup_stays_text():
    html = render("{{ text|named:name }}", text="How is {name}?", name="<b>Noor</b>")
    assert html == "How is &lt;b&gt;Noor&lt;/b&gt;?"


def test_a_safe_text_does_not_make_the_name_safe():
    html = render("{{ text|named:name }}", text=mark_safe("How is {name}?"), name="<script>")
    assert "<script>" not in html


def test_a_lazy_text_takes_the_name_and_no_name_is_a_pupil():
    text = gettext_lazy("Ask {name}")
    with override("en"):
        assert render("{{ text|named:name }}", text=text, name="Noor") == "Ask Noor"
        assert render("{{ text|named:name }}", text=text, name="") == "Ask the pupil"


def test_a_name_that_holds_the_placeholder_is_not_filled_again():
    assert steentje.named("{name}, hello", "{name}") == "{name}, hello"


@pytest.mark.parametrize("language", sorted(WEEK))
def test_a_long_day_in_the_readers_language(language):
    with override(language):
        assert steentje.longday(date(2026, 10, 13)) == WEEK[language]


def test_dutch_days_and_times_as_schools_write_them():
    with override("nl"):
        assert steentje.day(date(2026, 10, 13)) == "di 13 okt"
        assert steentje.clock(time(13, 15)) == "13.15"
        assert steentje.clock(time(9, 0)) == "9.00"
        assert steentje.clock(time(0, 5)) == "0.05"
    with override("en"):
        assert steentje.clock(time(13, 15)) == "13:15"


def test_a_moment_in_utc_is_told_in_local_time(settings):
    settings.TIME_ZONE = "Europe/Amsterdam"
    late = datetime(2026, 10, 12, 22, 30, tzinfo=UTC)
    with override("nl"):
        assert (steentje.day(late), steentje.clock(late)) == ("di 13 okt", "0.30")


def test_nothing_stays_nothing():
    assert (steentje.day(None), steentje.longday(None), steentje.clock(None)) == ("", "", "")


def test_what_differs_is_marked_and_escaped():
    assert steentje.differing("a <i> c", "a c") == "a <ins>&lt;i&gt;</ins> c"


def test_every_icon_is_in_the_sprite_and_others_are_refused():
    sprite = (settings.BASE_DIR / "templates/components/_icons.html").read_text(encoding="utf-8")
    assert set(re.findall(r'id="i-([a-z]+)"', sprite)) == steentje.ICONS
    with pytest.raises(ValueError):
        steentje.icon("nothing")


# --- drawings


@pytest.mark.parametrize("count", [1, 2, 7, 8, 12])
def test_the_path_draws_any_number_of_steps_without_overlap(count):
    states = ["done"] * (count - 1) + ["now"]
    svg = render(
        '{% path steps "Noor" %}',
        steps=steps(states, [1] * (count // 2) + [2] * (count - count // 2)),
    )
    left = numbers(svg, "x")
    tiles = sorted(set(numbers(re.sub(r"<text.*?</text>", "", svg), "x")))
    assert len(tiles) == count and min(left) == 0
    assert all(b - a >= 26 for a, b in pairwise(tiles))
    assert max(tiles) + 26 < float(re.search(r'viewBox="-2 -2 (\S+)', svg)[1])


def test_the_path_keeps_the_moments_apart_and_dots_the_wait():
    with override("nl"):  # a decimal comma would break the drawing
        svg = render(
            '{% path steps "Noor: stap 5" %}',
            steps=steps(["done"] * 4 + ["now", "todo", "todo"], [1, 2, 2, 2, 2, 2, 3]),
        )
    assert numbers(re.sub(r"<text.*?</text>", "", svg), "x") == [0, 40, 69, 98, 127, 156, 213]
    assert numbers(svg, "cx") == [190, 197.5, 205]
    assert 'aria-label="Noor: stap 5"' in svg and not re.search(r'"[^"]*\d,\d[^"]*"', svg)


def test_no_steps_is_an_empty_path():
    assert "<rect" not in render('{% path steps "none" %}', steps=[])


def test_the_list_of_steps_says_the_state_in_words():
    states = [
        {"number": 3, "title": "Talk", "state": "todo"},
        {"number": 4, "title": "Then", "state": "now"},
    ]
    with override("en"):
        html = render(
            "{% step_list moments %}",
            moments=[{"title": "One", "wait": "Ten days", "steps": states}],
        )
    assert 'start="3"' in html and "not started yet" in html and "Ten days" in html
    assert html.count('aria-current="step"') == 1


@pytest.mark.parametrize("count", range(13))
def test_seats_round_the_table_never_overlap(count):
    seats = [{"name": f"Pupil {n}", "done": n % 2} for n in range(count)]
    svg = render('{% ring seats 1 total "ideas" %}', seats=seats, total=count)
    width, height = map(float, re.search(r'viewBox="0 0 (\S+) (\S+)"', svg).groups())
    boxes = [
        tuple(map(float, box))
        for box in re.findall(
            r'<rect\s+class="\w+"\s+x="(\S+)"\s+y="(\S+)"\s+width="(\S+)"\s+height="(\S+)"', svg
        )
    ]
    assert len(boxes) == count
    for n, (x, y, w, h) in enumerate(boxes):
        assert x >= 0 and x + w <= width and y >= 0 and y + h <= height
        for x2, y2, w2, h2 in boxes[n + 1 :]:
            assert x + w <= x2 or x2 + w2 <= x or y + h <= y2 or y2 + h2 <= y


def test_a_long_name_is_cut_on_the_seat_and_whole_in_the_title():
    svg = render('{% ring seats 0 1 "ideas" %}', seats=[{"name": "Maximiliaan <K>", "done": False}])
    assert "<title>Maximiliaan &lt;K&gt;</title>" in svg and ">Maximil…</text>" in svg


@pytest.mark.parametrize(
    ("involved", "others", "shapes"), [(0, 0, 8), (3, 2, 8), (5, 4, 16), (12, 0, 24)]
)
def test_the_balance_shows_everybody_and_free_seats(involved, others, shapes):
    with override("en"):
        svg = render("{% balance a b %}", a=involved, b=others)
    assert svg.count('class="involved"') == involved and svg.count('class="other"') == others
    assert len(re.findall('class="(?:involved|other|free)"', svg)) == shapes
    assert f"{involved} pupils who took part, {others} other pupils" in svg


# --- calendars


@pytest.fixture
def weeks():
    calendar = school_calendar.SchoolCalendar(
        "", closed=[(date(2026, 10, 15), date(2026, 10, 15), "Market <day>")]
    )
    span = Window(date(2026, 10, 14), date(2026, 10, 16))
    return school_calendar.month_grid(
        date(2026, 10, 12), date(2026, 10, 18), calendar, windows={Appointment.MEMBERS: span}
    )


def test_the_calendar_says_what_its_borders_show(weeks):
    html = render(
        "{% calendar weeks planned=planned today=today kind_labels=labels %}",
        weeks=weeks,
        planned={date(2026, 10, 16): "9.00"},
        today=date(2026, 10, 12),
        labels={Appointment.MEMBERS: "fits the group"},
    )
    assert html.count("fits the group") == 2  # not on the closed day
    assert "Market &lt;day&gt;" in html and "9.00" in html


def test_days_outside_the_window_can_be_chosen_but_closed_and_past_ones_cannot(weeks):
    with override("en"):
        html = render(
            '{% daypicker weeks "on" chosen kind="members" today=today %}',
            weeks=weeks,
            chosen=date(2026, 10, 16),
            today=date(2026, 10, 13),
        )
    assert re.findall(r'value="2026-10-(\d+)"', html) == ["13", "14", "16"]
    assert re.findall(r'value="2026-10-(\d+)" checked', html) == ["16"]
    assert "too early" in html and "fits" in html and "past" in html
    assert 'class="visually-hidden">, Market &lt;day&gt;</span>' in re.sub(r"\s*\n\s*>", ">", html)


def test_no_partial_carries_inline_style_script_or_a_stray_comment(weeks):
    html = render(
        '{% daypicker weeks "on" %}{% calendar weeks %}{% balance 3 2 %}'
        '{% include "components/_save_state.html" %}',
        weeks=weeks,
    )
    assert not re.search(r"style=|<script|\son\w+=|\{#", html)
