"""Every form with everything that people and programs put into it: never a 500, never a text lost.

What is not right is said at its field, what was typed is still in the answer, and the answers
beside it on the same page are saved.
"""

import datetime
import uuid
from urllib.parse import quote_from_bytes

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.html import escape

from cases.actions import slip_wording
from cases.actions.page_location import location_of
from cases.actions.pages import values_of
from cases.method import METHOD
from cases.method.grammar import (
    CHECK,
    CHOICE,
    DATE,
    ENCLOSURE,
    LINE,
    MANY,
    MEMBER,
    PLAN,
    SCALE,
    TEXT,
)
from cases.models import Appointment, Case, Enclosure, GroupMember, PageRecord, StepRecord
from cases.tests.views.test_decorators import FIXED
from cases.tests.world import addresses, bodies, photograph, undone

LONG = "zin " * 2_500
TEXTS = {
    "emoji": "Blij 😀👩‍👩‍👧 en 🇳🇱",
    "right to left": "אני בסדר \u202egnirts\u202c سعيد",
    "control characters": "a\x00b\x07c\x1bd\u200be",
    "a lone surrogate": "voor\ud800na",
    "html": "<script>alert(1)</script><b onclick=x>&amp;</b>",
    "template": "{{ case.pupil }}{% now 'Y' %}%(name)s{name}{0}",
    "line ends": "een\r\ntwee\rdrie\u2028vier",
    "arabic digits": "٣",
    "a formula": "=1+1;'--\"",
}
DAYS = (
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
    "nonsense",
    "٠٣-١١-٢٠٢٦",
    "-1",
    "1e9",
    "2026-11-03T00:00",
    "\x00",
)
CLOCKS = ("25.00", "nonsense", "99:99", "٢٥", "\x00", "1" * 500)
VERSIONS = ("-1", "99999999999999999999999", "tekst", "1.5", "9" * 5_000, "\x00", "٣")


def pages_of(told):
    """(step, page, member) for every page of the method that can be opened in this case."""
    for step in METHOD.steps:
        for page in step.pages:
            yield step, page, told.members[0] if page.kind == MEMBER else None


def address(told, step, page, member=None):
    args = [told.case.pk, 1, step.key, page.key] + ([member.pk] if member else [])
    return reverse("case-talk" if member else "case-step", args=args)


def names_of(told, question):
    """The names of the fields of a question."""
    if question.per_member:
        return [f"{question.key}:{member.pk}" for member in told.members]
    if question.kind == PLAN:
        return [
            question.key,
            f"{question.key}_other",
            f"{question.key}_at",
            f"{question.key}_reason",
        ]
    return [] if question.kind == ENCLOSURE else [question.key]


def version_of(told, step, page, member=None):
    found = PageRecord.objects.filter(
        round=told.round, step=step.key, page=page.key, member=member
    ).first()
    return str(found.version if found else 0)


def bytes_of(data):
    """A form as a browser that misbehaves would send it: a lone surrogate becomes bytes that are no
    UTF-8.
    """
    pairs = [
        (name, each)
        for name, value in data.items()
        for each in (value if isinstance(value, list) else [value])
    ]

    def quoted(text):
        return quote_from_bytes(text.encode("utf-8", "surrogatepass"))

    return "&".join(f"{quoted(name)}={quoted(str(each))}" for name, each in pairs)


def post(client, url, data, **more):
    return client.post(
        url, bytes_of(data), content_type="application/x-www-form-urlencoded", **more
    )


@pytest.mark.parametrize("turn", [0, 4])
def test_every_page_takes_any_text(world, turn):
    """Each field of each page gets such a text; it is kept or refused with a word, and comes back
    readable.
    """
    client, kinds = world.client("teacher"), list(TEXTS.values())
    for step, page, member in pages_of(world.mine):
        data = {"version": version_of(world.mine, step, page, member)}
        texts = []
        for question in page.questions:
            for name in names_of(world.mine, question):
                turn += 1
                data[name] = kinds[turn % len(kinds)]
            if question.kind in (TEXT, LINE):
                texts += names_of(world.mine, question)
        with undone():
            answer = post(client, address(world.mine, step, page, member), data)
            assert answer.status_code in (302, 422), (page.key, answer.status_code)
            assert "<script>alert(1)" not in answer.content.decode()
            stored = values_of(
                location_of(world.mine.case, world.mine.round, step.key, page.key, member)
            )
            for name in texts:
                assert stored[name], f"{page.key}.{name} was lost"
                assert not set(stored[name]) & set("\x00\x07\x1b\r\ud800")
            again = client.get(address(world.mine, step, page, member))
            assert again.status_code == 200
            assert "<script>alert(1)" not in again.content.decode()


def test_text_that_is_too_long_stays_on_the_page_and_its_neighbours_are_saved(world):
    client = world.client("teacher")
    for step, page, member in pages_of(world.mine):
        for question in page.questions:
            if question.kind not in (TEXT, LINE):
                continue
            name = names_of(world.mine, question)[0]
            near = next(
                (
                    names_of(world.mine, q)[0]
                    for q in page.questions
                    if q.kind == TEXT and q is not question
                ),
                None,
            )
            data = {"version": version_of(world.mine, step, page, member), name: LONG}
            if near:
                data[near] = "buurman"
            with undone():
                where = location_of(world.mine.case, world.mine.round, step.key, page.key, member)
                before = values_of(where).get(name)
                answer = client.post(address(world.mine, step, page, member), data)
                html = answer.content.decode()
                assert answer.status_code == 422, page.key
                assert LONG.strip() in html, f"{page.key}.{name} is no longer on the page"
                assert str(len(LONG.strip())) in html.replace(".", ""), (
                    "how long it is, is not said"
                )
                assert values_of(where).get(name) == before
                if near:
                    assert values_of(where)[near] == "buurman"


def test_days_and_times_that_make_no_sense_are_refused_at_their_field(world):
    client, told = world.client("teacher"), world.mine
    for step, page, member in pages_of(told):
        for question in page.questions:
            if question.kind not in (DATE, PLAN):
                continue
            where = location_of(told.case, told.round, step.key, page.key, member)
            for text in (*DAYS[:4], *CLOCKS[:2]):
                data = {"version": version_of(told, step, page, member)}
                if question.kind == DATE:
                    if text in CLOCKS:
                        continue
                    data[question.key] = text
                elif text in DAYS:
                    data |= {question.key: "other", f"{question.key}_other": text}
                else:
                    data |= {question.key: "other", f"{question.key}_at": text}
                    data[f"{question.key}_other"] = told.walk.days[question.plans].isoformat()
                with undone():
                    before = values_of(where).get(question.key)
                    answer = client.post(address(told, step, page, member), data)
                    assert answer.status_code == 422, (page.key, text)
                    assert values_of(where).get(question.key) == before
                    assert "invalid-feedback" in answer.content.decode()
                    assert escape(text) in answer.content.decode(), (page.key, text)


def test_answers_that_are_not_offered_are_refused(world):
    client, told = world.client("teacher"), world.mine
    for step, page, member in pages_of(told):
        for question in page.questions:
            if question.kind not in (CHOICE, MANY, SCALE, CHECK):
                continue
            name = names_of(told, question)[0]
            for answer_given in ("<b>", "11"):
                with undone():
                    where = location_of(told.case, told.round, step.key, page.key, member)
                    before = values_of(where).get(name)
                    version = version_of(told, step, page, member)
                    answer = client.post(
                        address(told, step, page, member), {"version": version, name: answer_given}
                    )
                    if question.kind == CHECK:
                        assert answer.status_code in (302, 422)
                    else:
                        assert answer.status_code == 422, (page.key, name, answer_given)
                        assert values_of(where).get(name) == before


@pytest.mark.parametrize("version", VERSIONS)
def test_a_version_that_was_tampered_with_overwrites_nothing(world, version):
    client, told = world.client("teacher"), world.mine
    where = location_of(told.case, told.round, "talk", "between")
    before = values_of(where)["not_told"]
    data = {"version": version, "not_told": "overschreven"}
    answer = client.post(reverse("case-step", args=[told.case.pk, 1, "talk", "between"]), data)
    assert answer.status_code in (409, 422)
    assert "overschreven" in answer.content.decode()
    assert values_of(where)["not_told"] == before or version == "٣"


def test_pupils_of_elsewhere_never_get_into_the_group(world):
    client, told = world.client("teacher"), world.mine
    url = reverse("case-step", args=[told.case.pk, 1, "gather", "group"])
    own = str(told.pupils[1].pk)
    strange = [
        str(world.far.pupils[1].pk),
        str(uuid.uuid4()),
        "rommel",
        "",
        str(told.case.pupil_id),
        "1",
        "\x00",
    ]
    before = photograph()
    for pupil in strange:
        for extra in ({}, {"HTTP_X_AUTOSAVE": "1"}):
            answer = client.post(
                url, {"version": "1", f"role-{own}": "other", f"role-{pupil}": "leader"}, **extra
            )
            assert answer.status_code == 404, pupil
            assert not world.far.in_(answer)
    assert photograph() == before
    answer = client.post(url, {"version": "1", f"role-{own}": "koning"})
    assert answer.status_code == 422
    assert photograph()["GroupMember"] == before["GroupMember"]
    for query in (
        "q=\x00",
        "q=%ED%A0%80",
        "group=rommel",
        f"group={world.far.pupils[0].group_id}",
        "q=" + "a" * 5_000,
    ):
        answer = client.get(f"{url}?{query}")
        assert answer.status_code == 200
        assert not world.far.in_(answer)
    assert not GroupMember.objects.filter(
        round=told.round, pupil__school=world.far.case.school
    ).exists()


def test_opening_a_case_takes_only_a_pupil_of_the_school(world):
    client, right = world.client("teacher"), bodies(world)["case-new"]
    url, count = reverse("case-new"), Case.objects.count()
    wrong = [
        {"pupil": str(world.far.pupils[0].pk)},
        {"pupil": str(uuid.uuid4())},
        {"pupil": "rommel"},
        {"pupil": ""},
        {"client_key": "rommel"},
        {"signs": "nonsense"},
        {"signs": ""},
        {"route": "nonsense"},
        {"why": LONG},
        *({"talk_on": day} for day in DAYS if day not in ("\x00", "٠٣-١١-٢٠٢٦")),
        {"talk_on": (datetime.date(2026, 11, 2)).isoformat()},
        *({"talk_at": at, "talk_on": "2026-11-05"} for at in CLOCKS if at != "\x00"),
        {"talk_at": "10.15"},
    ]
    for change in wrong:
        answer = client.post(url, {**right, "why": "een reden", **change})
        html = answer.content.decode()
        assert answer.status_code == 422, change
        assert not world.far.in_(answer)
        assert escape(change.get("why", "een reden")).strip() in html
        if set(change) & {"talk_on", "talk_at"}:
            assert escape(next(iter(change.values()))) in html
    for query in TEXTS.values():
        assert post(client, url, {**right, "q": query, "go": "search"}).status_code == 200
    assert Case.objects.count() == count


def test_pressing_twice_opens_one_case(world):
    client, right = world.client("teacher"), bodies(world)["case-new"]
    count = Case.objects.count()
    first, second = client.post(reverse("case-new"), right), client.post(reverse("case-new"), right)
    assert first.status_code == second.status_code == 302
    assert Case.objects.count() == count + 1


@pytest.mark.parametrize("kind", ["pupil", "members", "interim"])
def test_planning_refuses_what_is_no_day_and_keeps_what_was_typed(world, kind):
    client, told = world.client("teacher"), world.mine
    url = reverse("case-plan", args=[told.case.pk, kind])
    before = photograph()
    tries = [{"plan": "other", "plan_other": day} for day in DAYS]
    tries += [{"plan": day} for day in DAYS]
    tries += [{"plan": "other", "plan_other": "2026-11-13", "plan_at": at} for at in CLOCKS]
    tries += [
        {"plan": "other", "plan_other": "2026-11-02"},
        {"plan": "other", "plan_other": "2026-12-25"},
    ]
    tries += [{"plan": "other", "plan_other": "2026-11-13", "plan_reason": LONG}]
    for data in tries:
        answer = client.post(url, data)
        if answer.status_code == 302:
            assert set(data.values()) & {"٠٣-١١-٢٠٢٦", "\x00"}, data
            continue
        assert answer.status_code == 422, data
        assert "invalid-feedback" in answer.content.decode()
        if "plan_reason" in data:
            assert LONG.strip() in answer.content.decode()
    assert photograph() == before
    assert Appointment.objects.filter(case=told.case, kind=kind).count() <= 1


def test_the_short_forms_of_a_case(world):
    """Skip, stop, look into, staff, slips, scratch pad: nothing, too much and nonsense."""
    client, told = world.client("teacher"), world.mine
    case = told.case.pk
    for name, args, field in (
        ("case-skip", [case, 1, "followup"], "reason"),
        ("case-close", [case], "words"),
        ("case-paper", [case, "slips"], f"slip-{told.members[0].pk}"),
        ("case-staff", [case], "user"),
        ("case-move", [case, 1, "followup", "member", told.members[0].pk], "to"),
        ("case-finish", [case, 1, "followup"], "x"),
        ("case-reopen", [case], "x"),
        ("case-enclosures", [case], "kind"),
    ):
        for text in ("", LONG, *TEXTS.values()):
            with undone():
                answer = post(client, reverse(name, args=args), {field: text})
                assert answer.status_code in (302, 409, 422), (name, text[:20])
    for user in (world.people["stranger"].pk, world.people["administrator"].pk, uuid.uuid4()):
        for what in ("add", "lead", "remove", "nonsense"):
            before = photograph()
            answer = client.post(reverse("case-staff", args=[case]), {"user": user, "what": what})
            assert answer.status_code in (302, 404)
            assert photograph() == before
    coordinator = world.client("coordinator")
    for text in ("", "   ", "\x00", "\u202e"):
        post(coordinator, reverse("case-reason", args=[case]), {"reason": text})
        page = coordinator.get(reverse("case", args=[case])).content.decode()
        assert not [
            word
            for word, question in told.walk.written.items()
            if question and question.private and word in page
        ]
    assert (
        StepRecord.objects.filter(round=told.round, step="followup", state="skipped").count() == 0
    )


def test_slips_with_anything_on_them_can_be_printed(world):
    client, told = world.client("teacher"), world.mine
    data, ideas = {}, slip_wording.ideas_of(told.round)
    for m, text in zip(told.members, TEXTS.values(), strict=False):
        said = ideas[m.pk].text if m.pk in ideas else ""
        data |= {f"slip-{m.pk}": text, f"said-{m.pk}": said, f"was-{m.pk}": said}
    assert (
        post(client, reverse("case-paper", args=[told.case.pk, "slips"]), data).status_code == 302
    )
    answer = client.get(reverse("case-slips", args=[told.case.pk]))
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF")


def test_enclosures_refuse_what_is_no_photo(world):
    client, told = world.client("teacher"), world.mine
    url, count = reverse("case-enclosures", args=[told.case.pk]), Enclosure.objects.count()
    right = {"kind": "letter", "client_key": str(uuid.uuid4())}
    for name, content in (
        ("a.png", b"no photo"),
        ("a.html", b"<script>"),
        ("\x00/../a.jpg", b"\xff\xd8"),
        ("a.png", b""),
    ):
        answer = client.post(url, {**right, "photo": SimpleUploadedFile(name, content)})
        assert answer.status_code == 422, name
    for change in ({"kind": "rommel"}, {"client_key": "rommel"}, {}):
        assert client.post(url, {**right, **change}).status_code == 422
    assert Enclosure.objects.count() == count


@pytest.mark.parametrize("name", ["overview", "case-list"])
def test_filters_that_make_no_sense_filter_nothing_away_that_they_should_not(world, name):
    client = world.client("coordinator")
    far = world.far.case
    for query in (
        "page=0", "page=-1", "page=99999999999999999999", "page=x", "state=x", "leader=x",
        "group=x", "step=x", f"leader={far.leader_id}", f"group={far.pupil.group_id}",
        f"leader={uuid.uuid4()}", "q=%00", "q=%ED%A0%80", "q=" + "a" * 5_000, "q=" + "%F0%9F%98%80",
        "leader=&group=&step=&q=", "x=" * 50,
    ):  # fmt: skip
        answer = client.get(f"{reverse(name)}?{query}")
        assert answer.status_code == 200, query
        assert not world.far.in_(answer)


def test_without_its_token_no_form_does_anything(world):
    client = world.client("teacher", enforce_csrf_checks=True)
    before = photograph()
    for name, data in bodies(world).items():
        if name == "set_language":
            continue
        args = addresses(world.mine).get(name) or FIXED.get(name, [])
        assert client.post(reverse(name, args=args), data).status_code == 403, name
    assert photograph() == before


def test_more_fields_or_text_than_a_form_has_is_refused_without_an_error_page(world):
    client, told = world.client("teacher"), world.mine
    url = reverse("case-step", args=[told.case.pk, 1, "talk", "between"])
    assert client.post(url, {f"f{n}": "x" for n in range(2_500)}).status_code == 400
    assert post(client, url, {"not_told": "x" * 3_000_000}).status_code == 400
