"""Template tags and filters: icons, dates, the drawings, the calendars.

Everything is driven by plain data (strings, numbers, lists of dicts), so that a page can be
rendered and tested without a database. Numbers that end up in an SVG are strings with a dot,
whatever the reader's language does with decimals.
"""

from difflib import SequenceMatcher

from django import template
from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from cases.formats import dates
from cases.people import names

from ..formats import calendar_days, drawings

register = template.Library()

ICONS = frozenset("check eye clock print lock pen warn info plus cal back off people user".split())

# --- words and dates --------------------------------------------------------------------------


@register.simple_tag
def icon(name):
    """``{% icon "check" %}``: a decorative icon from the sprite. ValueError for a name it has
    not.
    """
    if name not in ICONS:
        raise ValueError(f"There is no icon {name!r} in the sprite.")
    return format_html(
        '<svg class="st-icon" aria-hidden="true" viewBox="0 0 24 24"><use href="#i-{}"/></svg>',
        name,
    )


@register.simple_tag
def pebble(css_class="st-pebble"):
    """``{% pebble %}``: the pebble, decorative; ``st-pebble--empty`` for the dashed one."""
    return format_html(
        '<svg class="{}" aria-hidden="true" viewBox="0 0 27 22"><path d="{}"/></svg>',
        css_class,
        drawings.PEBBLE,
    )


@register.simple_tag
def role_sign(role, label=""):
    """``{% role_sign "leader" label %}``: the sign of a role in the group, "leader", "follower" or
    "other". Without a label, which is what a reader hears, it is decorative.
    """
    if role == "other":
        shape = format_html('<circle cx="10" cy="10" r="{}"/>', drawings.ROLE_CIRCLE_RADIUS)
    else:
        shape = format_html('<path d="{}"/>', drawings.ROLE_DIAMOND_PATH)
    return format_html(
        '<svg class="{}" {} viewBox="0 0 20 20">{}</svg>',
        "st-sign" if role == "leader" else "st-sign st-sign--open",
        format_html('role="img" aria-label="{}"', label)
        if label
        else format_html('aria-hidden="{}"', "true"),
        shape,
    )


named = register.filter("named", dates.named, is_safe=False)


@register.filter
def initial(name):
    """``{{ name|initial }}``: "N.", for titles that anybody in the room can read."""
    return names.initial(str(name))


day = register.filter("day", dates.day)
weekday = register.filter("weekday", dates.weekday)
longday = register.filter("longday", dates.longday)
clock = register.filter("clock", dates.clock)


@register.simple_tag
def differing(text, other):
    """``{% differing mine theirs %}``: the text with ``<ins>`` around the words the other has
    not.
    """
    words, others = str(text).split(), str(other).split()
    parts = []
    for kind, start, end, _start, _end in SequenceMatcher(None, words, others, False).get_opcodes():
        if start < end:
            parts.append(
                (
                    format_html(
                        "{}" if kind == "equal" else "<ins>{}</ins>", " ".join(words[start:end])
                    ),
                )
            )
    return format_html_join(" ", "{}", parts)


@register.filter
def with_breaks(lines):
    """The lines of a text as HTML, escaped, with a ``<br>`` between them. Nothing stands between a
    line and its break: on paper white space at the start of a line moves the words after it.
    """
    return linebreaksbr("\n".join(lines))


# --- the path, the list of steps ----------------------------------------------------------------


@register.inclusion_tag("cases/_path.html")
def path(steps, label):
    """``{% path steps label %}``: the row of tiles, for any number of steps.

    ``steps``: dicts with ``number``, ``state`` ("done", "now", "todo" or "skipped"), ``moment``
    (any value; steps with the same one stand together) and ``after_wait`` (the dots of the wait
    stand before the first one that has it). ``label`` says the same in words ("Noor: step 5 of 7").
    """
    steps = list(steps)
    tiles, dots, width = drawings.tiles(steps)
    reached = any(step["after_wait"] and step["state"] != "todo" for step in steps)
    return {
        "tiles": tiles,
        "dots": dots,
        "dot_class": "waited" if reached else "wait",
        "width": width,
        "label": label,
        "pebble": drawings.PEBBLE,
    }


@register.inclusion_tag("cases/_step_list.html")
def step_list(moments):
    """``{% step_list moments %}``: all steps in words, by moment.

    ``moments``: dicts with ``title``, ``wait`` (the sentence after it, or "") and ``steps``: dicts
    with ``number``, ``title``, ``state`` (as in ``path``) and optionally ``url`` (its check page),
    ``summary`` (a sentence), ``when`` (quiet line below), ``flag`` (dict ``kind``, ``icon``,
    ``text``).
    """
    return {"moments": moments, "pebble": drawings.PEBBLE}


# --- the round table ----------------------------------------------------------------------


@register.inclusion_tag("cases/_group_ring.html")
def ring(seats, done, total, label):
    """``{% ring seats done total label %}``: the support group round a table, up to 12 seats.

    ``seats``: dicts with ``name`` and ``done`` (has an idea: solid with a pebble; otherwise
    dashed). Never a role. ``label`` is the word below "4 of 6" ("ideas").
    """
    seats = list(seats)[:12]
    width, height, seat_width, places = drawings.seat_places(len(seats))
    return {
        "width": width,
        "height": height,
        "big": len(seats) > 8,
        "cx": drawings.number(width / 2),
        "cy": drawings.number(height / 2),
        "rx": drawings.number(width / 2 - 90),
        "ry": drawings.number(height / 2 - 55),
        "text_y": drawings.number(height / 2 + 1),
        "label_y": drawings.number(height / 2 + 19),
        "count": _("%(done)s of %(total)s") % {"done": done, "total": total},
        "label": label,
        "pebble": drawings.PEBBLE,
        "seats": [
            {
                "name": seat["name"],
                "short": drawings.shortened(seat["name"], 8 if seat_width > 70 else 7),
                "done": bool(seat.get("done")),
                "x": drawings.number(x - seat_width / 2),
                "y": drawings.number(y - drawings.SEAT_H / 2),
                "cx": drawings.number(x),
                "text_y": drawings.number(y + 5),
                "peb_x": drawings.number(x + seat_width / 2 - 12),
                "peb_y": drawings.number(y + 6),
            }
            for seat, (x, y) in zip(seats, places, strict=True)
        ],
        "w": seat_width,
        "h": drawings.SEAT_H,
    }


# --- the balance of the group ------------------------------------------------------------


@register.inclusion_tag("cases/_group_balance.html")
def balance(involved, others):
    """``{% balance involved others %}``: how many who took part (0-12), how many who did not
    (0-12).
    """
    involved, others = int(involved), int(others)
    rows = drawings.balance_rows(involved, others)
    low = drawings.ROW_HEIGHT * (len(rows) - 1)
    patterns = {"left": _("Took part: {n}"), "right": _("Others: {n}")}
    pattern = _("{a} pupils who took part, {b} other pupils")
    return {
        "rows": [_seat_row(number, row) for number, row in enumerate(rows)],
        "row_height": drawings.ROW_HEIGHT,
        "low": low,
        "height": 74 + low,
        "left": patterns["left"].replace("{n}", str(involved)),
        "right": patterns["right"].replace("{n}", str(others)),
        "patterns": patterns,
        "pattern": pattern,
        "label": pattern.replace("{a}", str(involved)).replace("{b}", str(others)),
    }


def _seat_row(number, row):
    seats = [{**seat, "left": 150 - seat["x"], "right": 150 + seat["x"]} for seat in row]
    return {"top": drawings.ROW_HEIGHT * number, "seats": seats}


# --- calendars ------------------------------------------------------------------------------------


@register.inclusion_tag("planning/_calendar.html")
def calendar(weeks, planned=None, today=None, kind_labels=None, caption=""):
    """``{% calendar weeks planned=planned today=today kind_labels=labels %}``: see
    `calendar_cells`.
    """
    return calendar_days.calendar_cells(weeks, planned or {}, today, kind_labels or {}, caption)


@register.inclusion_tag("planning/_day_picker.html")
def daypicker(
    weeks, name, selected=None, kind=None, today=None, legend="", meeting=None, afternoons=()
):
    """``{% daypicker weeks "day" selected kind="members" today=today %}``: see `picker_days`."""
    cells = calendar_days.picker_days(weeks, selected, kind, today, meeting, afternoons)
    legend = legend or _("Choose a day")
    return {
        "days": cells,
        "weekdays": calendar_days.weekday_names(weeks),
        "name": name,
        "legend": legend,
    }


@register.filter
def proposal_note(proposal):
    """``{{ proposal|proposal_note }}``: what holidays leave of the best days, in words; "" when
    there is plenty.
    """
    return calendar_days.proposal_note(proposal)


@register.filter
def after_meeting(day, meeting):
    """``{{ day|after_meeting:meeting }}``: "7 days after the meeting"; "" when no meeting is
    known.
    """
    return calendar_days.after_meeting(day, meeting)


@register.filter
def free_afternoons(weekdays):
    """``{{ school.free_afternoons|free_afternoons }}``: "Wednesday afternoon free"; "" for none."""
    return calendar_days.afternoons_of(weekdays)
