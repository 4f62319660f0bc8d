"""A slip holds what the pupil said or what the teacher made of it: never a sentence that we
made.
"""

import datetime
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from cases.actions import appointment_windows, cases
from cases.models import Appointment, Idea, Membership, PrintJob, School, User
from cases.printing import job_queue
from cases.printing.anonymise import without_name
from cases.printing.print_choices import Choices
from cases.printing.slip_formats import FORMATS
from cases.printing.slip_words import rows_of
from cases.tests.world import NAMES, TODAY, at, make_user, tell

from .pdf_reader import closed_up, packed, words

NAME = NAMES[0]
SAID = (
    f"Ik kies {NAME} bij gym in mijn team.",
    f"Ik breng het huiswerk langs als {NAME} ziek is.",
    f"Ik ga bij het tekenen naast {NAME} zitten.",
    f"Ik draag {NAME}s tas.",
    f"Ik zwaai naar {NAME.lower()} en {NAMES[2]}.",
    "Ik zeg elke ochtend goedemorgen.",
)
WAITING = SAID[:5]
ASKS = "wacht op jouw woorden"


@pytest.fixture
def told(school, anna):
    with at(TODAY):
        told = tell(school, anna, "7zebra", NAMES, "een")
        for member, text in zip(told.members, SAID, strict=True):
            idea = Idea.objects.filter(member=member).first() or Idea(school=school, member=member)
            idea.text, idea.slip = text, ""
            idea.save()
        yield told


@pytest.fixture
def teacher(told, client):
    client.force_login(told.case.leader)
    return client


def url(told, name="case-paper", *more):
    return reverse(name, args=[told.case.pk, "slips", *more])


def idea_of(told, number):
    return Idea.objects.get(member=told.members[number])


def form(told, **typed):
    """The page as it was loaded, with the words of some slips changed."""
    data = {}
    for row in rows_of(told.case, told.round, told.members, Choices()):
        pk = row["member"].pk
        data |= {f"said-{pk}": row["spoken"], f"was-{pk}": row["text"], f"slip-{pk}": row["text"]}
    return data | typed


def field(told, number, kind="slip"):
    return f"{kind}-{told.members[number].pk}"


def assert_as_said(told, data: bytes):
    """On the paper stands what was said, or nothing of it."""
    text = packed(words(data))
    assert packed(SAID[5]) in text
    for said in WAITING:
        assert packed(said) not in text
        assert packed(without_name(said, NAME)) not in text, "a sentence that nobody said"
    assert NAME.lower() not in text.lower()


@pytest.mark.parametrize("format", FORMATS)
def test_in_every_format_an_idea_with_a_name_is_a_line(told, teacher, format):
    User.objects.filter(pk=told.case.leader.pk).update(print_choices={"format": format})
    answer = teacher.get(url(told, "case-paper-file", "kaartjes.pdf"))
    assert_as_said(told, answer.content)


def test_in_a_print_by_the_worker_and_in_everything_for_tomorrow_too(told, teacher):
    teacher.post(url(told, "case-paper-order"), {"client_key": str(uuid.uuid4())})
    job = PrintJob.objects.filter(state=PrintJob.WAITING).get()
    job_queue.run()
    job.refresh_from_db()
    assert_as_said(told, bytes(job.result))
    Appointment.objects.filter(round=told.round, kind=Appointment.MEETING).delete()
    Appointment.objects.create(
        school=told.case.school,
        case=told.case,
        round=told.round,
        kind=Appointment.MEETING,
        state=Appointment.PLANNED,
        date=TODAY + datetime.timedelta(days=1),
        time=datetime.time(9, 30),
        owner=told.case.leader,
    )
    assert appointment_windows.live(told.round, Appointment.MEETING)
    page = teacher.get(reverse("tomorrow")).content.decode()
    assert f"{url(told)}#slip-{told.members[0].pk}" in page
    text = packed(words(teacher.get(reverse("tomorrow-file")).content))
    assert packed(SAID[5]) in text
    assert not [said for said in WAITING if packed(without_name(said, NAME)) in text]


def test_the_page_says_which_slips_wait_and_the_field_has_the_whole_idea(told, teacher):
    html = teacher.get(url(told)).content.decode()
    assert html.count(ASKS) == len(WAITING)
    for number, said in enumerate(SAID):
        assert f'value="{said}"' in html
        assert (f'href="#{field(told, number)}"' in html) == (said in WAITING)
    html = closed_up(html)
    assert f"<mark>{NAME}</mark>" in html and f"<mark>{NAMES[2]}</mark>" in html
    assert not [said for said in WAITING if without_name(said, NAME) in html]
    assert html.index('id="words"') < html.index('id="preview-title"')


def test_a_name_that_is_a_word_is_asked_about_in_small_letters(told, teacher):
    """Once: the teacher says that it is the word, and it is printed."""
    pupil, idea = told.case.pupil, idea_of(told, 5)
    pupil.first_name = "Sem"
    pupil.save()
    idea.text = "Ik vraag sem mee op het plein."
    idea.save()
    assert "<mark>sem</mark>" in closed_up(teacher.get(url(told)).content.decode())
    text = packed(words(teacher.get(url(told, "case-paper-file", "kaartjes.pdf")).content))
    assert packed("op het plein") not in text
    told.case.refresh_from_db()
    teacher.post(url(told), form(told, **{field(told, 5, "checked"): "on"}))
    text = packed(words(teacher.get(url(told, "case-paper-file", "kaartjes.pdf")).content))
    assert packed(idea.text) in text


def test_what_the_teacher_writes_is_printed(told, teacher):
    teacher.post(url(told), form(told, **{field(told, 0): "Bij gym zeg ik: kom in mijn team!"}))
    text = packed(words(teacher.get(url(told, "case-paper-file", "kaartjes.pdf")).content))
    assert packed("Bij gym zeg ik: kom in mijn team!") in text
    assert idea_of(told, 0).text == SAID[0] and idea_of(told, 0).slip_by == told.case.leader


def test_pressing_save_without_changing_words_changes_nothing(told, teacher):
    teacher.post(url(told), form(told))
    assert not [each.slip for each in Idea.objects.filter(member__round=told.round) if each.slip]
    assert_as_said(told, teacher.get(url(told, "case-paper-file", "kaartjes.pdf")).content)


def test_a_wording_that_still_has_the_name_stays_a_line(told, teacher):
    teacher.post(url(told), form(told, **{field(told, 0): f"Ik vraag {NAME.upper()} bij gym"}))
    text = packed(words(teacher.get(url(told, "case-paper-file", "kaartjes.pdf")).content))
    assert NAME.lower() not in text.lower() and packed("bij gym") not in text
    assert f'value="Ik vraag {NAME.upper()} bij gym"' in teacher.get(url(told)).content.decode()


def test_what_may_be_a_word_is_printed_when_a_person_says_so_and_not_before(told, teacher):
    """Not by saving another slip, and not for a name that is certain."""
    changed = form(told, **{field(told, 0): "Bij gym zeg ik: kom in mijn team!"})
    teacher.post(url(told), changed)
    assert not idea_of(told, 3).slip
    ticked = form(told, **{field(told, number, "checked"): "on" for number in (0, 3)})
    teacher.post(url(told), ticked)
    text = packed(words(teacher.get(url(told, "case-paper-file", "kaartjes.pdf")).content))
    assert packed(SAID[3]) in text
    again = form(told, **{field(told, 3): f"Ik draag {NAME}s rugzak."})
    teacher.post(url(told), again)
    text = packed(words(teacher.get(url(told, "case-paper-file", "kaartjes.pdf")).content))
    assert packed("rugzak") not in text, "other words are asked about again"
    teacher.post(url(told), form(told, **{field(told, 1, "checked"): "on"}))
    text = packed(words(teacher.get(url(told, "case-paper-file", "kaartjes.pdf")).content))
    assert packed(SAID[1]) not in text, "a name that is certain is no word"


@pytest.mark.parametrize("number", range(3))
def test_what_an_earlier_release_made_of_an_idea_is_asked_again(told, teacher, number):
    made = without_name(SAID[number], NAME)
    assert made != SAID[number]
    idea = idea_of(told, number)
    idea.slip = made  # as it was kept when the teacher pressed save on the proposal
    idea.save()
    assert_as_said(told, teacher.get(url(told, "case-paper-file", "kaartjes.pdf")).content)
    html = teacher.get(url(told)).content.decode()
    assert f'value="{SAID[number]}"' in html and made not in html
    # Written by a person now, even the same words are theirs.
    teacher.post(url(told), form(told, **{field(told, number): made}))
    text = packed(words(teacher.get(url(told, "case-paper-file", "kaartjes.pdf")).content))
    assert packed(made) in text


def test_what_a_teacher_wrote_in_an_earlier_release_stays(told, teacher):
    idea = idea_of(told, 0)
    idea.slip = "Bij gym mag je bij mij."
    idea.save()
    text = packed(words(teacher.get(url(told, "case-paper-file", "kaartjes.pdf")).content))
    assert packed("Bij gym mag je bij mij.") in text


def test_another_idea_is_asked_about_anew(told, teacher):
    teacher.post(url(told), form(told, **{field(told, 0): "Bij gym zeg ik: kom in mijn team!"}))
    where = told.walk.at("ideas", "ideas")
    told.walk.words["ideas.idea"] = [f"Ik fiets met {NAME}."]
    told.walk.fill(where)
    idea = idea_of(told, 0)
    assert (idea.slip, idea.slip_by, idea.slip_checked) == ("", None, False)


def test_the_step_says_it_at_the_idea_with_one_press_to_the_field(told, teacher):
    address = reverse("case-step", args=[told.case.pk, 1, "ideas", "ideas"])
    html = teacher.get(address).content.decode()
    buttons = [f'value="slip:{member.pk}"' in html for member in told.members]
    assert buttons == [True] * 5 + [False]
    assert not [said for said in WAITING if without_name(said, NAME) in html]
    typed = {"version": str(told.walk.at("ideas", "ideas").record().version)}
    typed |= {
        f"idea:{member.pk}": f"{text} Ja!" for member, text in zip(told.members, SAID, strict=True)
    }
    answer = teacher.post(address, typed | {"go": f"slip:{told.members[1].pk}"})
    assert answer["Location"] == f"{url(told)}#{field(told, 1)}"
    assert idea_of(told, 1).text.endswith("Ja!"), "what was typed is saved on the way"
    answer = teacher.post(address, typed | {"go": "slip:\r\nSet-Cookie: x"})
    assert answer["Location"] == url(told)
    trust = teacher.get(
        reverse("case-step", args=[told.case.pk, 1, "trust", "trust"])
    ).content.decode()
    assert f"{url(told)}#{field(told, 0)}" in trust and f"{url(told)}#{field(told, 5)}" not in trust


@pytest.mark.parametrize("role", [Membership.COORDINATOR, Membership.ADMINISTRATOR])
def test_the_school_chooses_whether_the_name_may_stand_on_slips(told, teacher, client, role):
    manager = make_user(told.case.school, "Karel", role)
    settings = {"free_weekdays": ["5", "6"], "place": "NL", "late_to_coordinator": "3"}
    address = reverse("school-settings")
    assert teacher.post(address, settings | {"slip_shows_name": "on"}).status_code == 403
    client.force_login(manager)
    page = client.get(address).content.decode()
    assert 'name="slip_shows_name"' in page and "kaartjes die leerlingen meenemen" in page
    client.post(address, settings | {"slip_shows_name": "on"})
    assert School.objects.get(pk=told.case.school_id).slip_shows_name
    assert (
        "checked"
        in client.get(address).content.decode().partition('name="slip_shows_name"')[2][:80]
    )
    client.force_login(told.case.leader)
    assert_as_said(told, client.get(url(told, "case-paper-file", "kaartjes.pdf")).content)
    choose = {"go": "choices", "format": "a6x4", "second": "", "spare": "", "shows_name": "on"}
    client.post(url(told), choose)
    idea = idea_of(told, 5)
    idea.text = f"Ik vertel dat {NAME} gepest werd"
    idea.save()
    text = packed(words(client.get(url(told, "case-paper-file", "kaartjes.pdf")).content))
    assert all(packed(said) in text for said in SAID[:4])
    assert packed(NAMES[2]) not in text.replace(packed("Voor" + NAMES[2]), ""), "only this pupil's"
    assert "gepest" not in text, "words that are refused stay refused"


def test_what_cannot_be_printed_is_said_at_its_slip(told, teacher):
    idea = idea_of(told, 5)
    idea.text = "Ik zeg \U00013000\U00013001 tegen iedereen."
    idea.save()
    page = teacher.get(url(told)).content.decode()
    said = page.split(f'id="said-{told.members[5].pk}"')[1].split("</p>")[0]
    assert "Dit kunnen we niet afdrukken: \U00013000\U00013001" in said


def test_a_word_that_does_not_belong_on_a_slip_is_named_in_the_list_and_leads_to_its_field(
    told, teacher
):
    idea = idea_of(told, 5)
    idea.text = "Ik stop met pesten."
    idea.save()
    checked = teacher.get(url(told)).content.decode().split('id="checked"')[1]
    who = told.members[5]
    assert f"Op het kaartje van {who.pupil.first_name} staat een lijn: “pesten”" in checked
    assert f"#slip-{who.pk}" in checked and "Geen tekens of woorden" not in checked


MINE, THEIRS = "Woorden van Anna.", "Woorden van de collega."


@pytest.fixture
def colleague(told, youssef, client):
    cases.add_colleague(told.case, youssef, by=told.case.leader)
    client = Client()
    client.force_login(youssef)
    return client


def test_two_who_word_one_slip_at_once_lose_nothing(told, teacher, colleague):
    mine = form(told, **{field(told, 0): MINE, field(told, 1): "Ik breng het huiswerk langs."})
    theirs = form(
        told, **{field(told, 0): THEIRS, field(told, 2): "Ik ga bij het tekenen naast je zitten."}
    )
    assert colleague.post(url(told), theirs).status_code == 302
    answer = teacher.post(url(told), mine)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert f"Je typte: “{MINE}”" in html and f"Op het kaartje staat nu: “{THEIRS}”" in html
    assert "Iemand anders heeft dit kaartje intussen gewijzigd." in html
    assert "De andere kaartjes zijn bewaard." in html
    assert f'value="{MINE}"' in html and f'name="{field(told, 0, "was")}" value="{THEIRS}"' in html
    assert 'value="Ik ga bij het tekenen naast je zitten."' in html, (
        "a field I left alone shows what is there"
    )
    assert (
        idea_of(told, 0).slip == THEIRS and idea_of(told, 1).slip == "Ik breng het huiswerk langs."
    )
    # Having read both, once more.
    again = form(told, **{field(told, 0): MINE})
    assert teacher.post(url(told), again).status_code == 302
    assert idea_of(told, 0).slip == MINE
    assert idea_of(told, 2).slip == "Ik ga bij het tekenen naast je zitten."


def test_the_same_words_once_more_are_no_clash(told, teacher):
    sent = form(told, **{field(told, 0): MINE, field(told, 3, "checked"): "on"})
    for _again in range(2):  # the first answer got lost
        assert teacher.post(url(told), sent).status_code == 302
    typed_on = sent | {field(told, 1): "Ik breng het huiswerk langs."}
    assert teacher.post(url(told), typed_on).status_code == 302
    assert idea_of(told, 0).slip == MINE and idea_of(told, 3).slip_checked


def test_two_tabs_of_one_person_are_called_that(told, teacher):
    mine = form(told, **{field(told, 0): MINE})
    teacher.post(url(told), form(told, **{field(told, 0): THEIRS}))
    answer = teacher.post(url(told), mine)
    assert answer.status_code == 409
    assert "in een ander tabblad" in answer.content.decode()


@pytest.mark.parametrize("idea", ["Een heel ander idee.", ""])
def test_what_was_typed_for_an_idea_that_changed_is_still_there(told, teacher, idea):
    sent = form(told, **{field(told, 0): MINE, field(told, 1): "Ik breng het huiswerk langs."})
    changed = idea_of(told, 0)
    changed.text = idea
    changed.save()
    answer = teacher.post(url(told), sent)
    html = answer.content.decode()
    assert answer.status_code == 409 and f"Je typte: “{MINE}”" in html and f'value="{MINE}"' in html
    assert (f"Op het kaartje staat nu: “{idea}”" in html) == bool(idea)
    assert idea_of(told, 0).slip == "" and idea_of(told, 1).slip == "Ik breng het huiswerk langs."
    shown = html.split(f'id="{field(told, 0)}"')[1].split(">")[0]
    assert "disabled" not in shown
    again = form(told, **{field(told, 0): MINE})
    assert teacher.post(url(told), again).status_code == (302 if idea else 409)
    assert idea_of(told, 0).slip == (MINE if idea else "")


def test_words_for_an_idea_that_is_gone_altogether_are_still_there(told, teacher):
    sent = form(told, **{field(told, 0): MINE})
    idea_of(told, 0).delete()
    answer = teacher.post(url(told), sent)
    assert answer.status_code == 409 and f"Je typte: “{MINE}”" in answer.content.decode()


def test_a_slip_that_is_too_long_does_not_hide_that_another_was_changed(told, teacher, colleague):
    mine = form(
        told, **{field(told, 0): MINE, field(told, 1): "z" * 301, field(told, 3, "checked"): "on"}
    )
    colleague.post(
        url(told), form(told, **{field(told, 0): THEIRS, field(told, 2): "Ik teken met je."})
    )
    answer = teacher.post(url(told), mine)
    html = answer.content.decode()
    assert answer.status_code == 422 and "z" * 301 in html
    assert f"Je typte: “{MINE}”" in html and f"Op het kaartje staat nu: “{THEIRS}”" in html
    assert 'value="Ik teken met je."' in html
    assert "checked" in html.split(f'name="{field(told, 3, "checked")}"')[1].split(">")[0]


def test_a_tick_is_about_the_words_that_were_shown(told, teacher):
    """Of words that are typed in the same press nobody was asked: they are asked about."""
    typed = {field(told, 3): f"Ik draag {NAME}s rugzak.", field(told, 3, "checked"): "on"}
    assert teacher.post(url(told), form(told, **typed)).status_code == 302
    assert idea_of(told, 3).slip == typed[field(told, 3)] and not idea_of(told, 3).slip_checked
    text = packed(words(teacher.get(url(told, "case-paper-file", "kaartjes.pdf")).content))
    assert packed("rugzak") not in text
    assert f'name="{field(told, 3, "checked")}"' in teacher.get(url(told)).content.decode()
