"""The screen of a talk: its pad belongs to one talk, one pupil and one person, and nothing typed is
lost.
"""

import re

import pytest
from django.test import Client
from django.urls import reverse

from cases.actions import cases, talk_pads
from cases.actions.page_location import location_of
from cases.models import GroupMember, JournalEntry, TalkPad
from cases.tests.world import PASSWORD, pad_text, talks_of

TYPED = "nog steeds onaardig tegen Ottilie"


def talk_at(told, page, number=0):
    return [each for each in talks_of(told) if each.page.key == page][number]


def page_url(told, talk):
    keys = [told.case.pk, talk.round.number, talk.step_key, talk.page.key]
    if talk.member:
        return reverse("case-talk", args=[*keys, talk.member.pk])
    return reverse("case-step", args=keys)


def begin(client, told, talk):
    """The address of the talk's screen, and the form of its pad."""
    url = client.post(page_url(told, talk), {"version": "0", "go": "talk"})["Location"]
    return url, pad_form(client.get(url))


def pad_form(answer):
    html = answer.content.decode()
    return {
        name: re.search(rf'name="{name}" value="([^"]*)"', html)[1]
        for name in ("pad", "version", "made_for")
    }


def autosave(client, url, form, text):
    return client.post(url, {**form, "text": text}, HTTP_X_AUTOSAVE="1")


def kept(talk, user):
    return talk_pads.pad_of(talk, user).text


@pytest.fixture
def anna(world):
    return world.people["teacher"]


def test_what_was_noted_with_one_pupil_is_not_on_the_screen_of_the_next(world, anna):
    told, client = world.mine, world.client("teacher")
    nina, adam = talk_at(told, "member", 0), talk_at(told, "member", 1)
    url, form = begin(client, told, nina)
    assert autosave(client, url, form, TYPED).json()["errors"] == {}
    client.post(url + "leave/")
    for other in talks_of(told):
        if other.label != nina.label:
            url, _form = begin(client, told, other)
            assert TYPED not in client.get(url).content.decode(), other.label
            client.post(url + "leave/")
            assert TYPED not in client.get(page_url(told, other)).content.decode(), other.label
    assert kept(nina, anna) == TYPED and kept(adam, anna) == pad_text(adam, "een")
    assert TYPED in client.get(page_url(told, nina)).content.decode()
    assert TYPED not in client.get(reverse("case", args=[told.case.pk])).content.decode()


def test_two_tabs_with_two_talks_do_not_mix(world, anna):
    told, one, two = world.mine, world.client("teacher"), world.client("teacher")
    two.cookies = one.cookies  # two tabs of one browser
    nina, adam = talk_at(told, "member", 0), talk_at(told, "member", 1)
    url_nina, form_nina = begin(one, told, nina)
    one.post(url_nina + "leave/")
    url_adam, form_adam = begin(two, told, adam)
    assert autosave(one, url_nina, form_nina, "van Nina").status_code == 200
    assert autosave(two, url_adam, form_adam, "van Adam").status_code == 200
    assert (kept(nina, anna), kept(adam, anna)) == ("van Nina", "van Adam")
    # The first tab asks again: not the other talk, but a page that says nothing of anybody.
    again = one.get(url_nina)
    assert again["Location"] == reverse("privacy-screen")
    assert "van Adam" not in one.get(again["Location"]).content.decode()
    assert "van Adam" in two.get(url_adam).content.decode()
    # By its button the first tab goes on with its own talk, and afterwards to its own page.
    assert one.post(url_nina, {**form_nina, "text": "van Nina, later"})["Location"] == url_nina
    assert "van Adam" not in one.get(url_nina).content.decode()
    assert one.post(url_nina + "leave/")["Location"] == page_url(told, nina)
    assert (kept(nina, anna), kept(adam, anna)) == ("van Nina, later", "van Adam")


def test_a_colleague_has_a_pad_of_their_own(world, anna):
    told, youssef = world.mine, world.people["other"]
    cases.add_colleague(told.case, youssef, by=anna)
    nina = talk_at(told, "member")
    url, form = begin(world.client("teacher"), told, nina)
    colleague = world.client("other")
    _url, own = begin(colleague, told, nina)
    shown = colleague.get(_url).content.decode()
    assert pad_text(nina, "een") not in shown
    # A tab that Anna left open saves nothing in the name of who signed in after her.
    assert autosave(colleague, url, form, TYPED).status_code == 401
    assert kept(nina, youssef) == ""
    assert autosave(colleague, _url, own, "van Youssef").status_code == 200
    assert (kept(nina, anna), kept(nina, youssef)) == (pad_text(nina, "een"), "van Youssef")
    assert "van Youssef" not in world.client("teacher").get(page_url(told, nina)).content.decode()


def test_a_note_of_nobody_or_of_who_may_not_write_keeps_nothing_and_shows_the_text(world, anna):
    told = world.mine
    nina = talk_at(told, "member")
    url, form = begin(world.client("teacher"), told, nina)
    before = list(TalkPad.objects.values_list("pk", "version"))
    for who in ("nobody", "administrator", "stranger", "other", "coordinator"):
        client = world.client(who)
        for pad in ("", "onzin", form["pad"]):
            assert autosave(client, url, {**form, "pad": pad}, TYPED).status_code == 401
            answer = client.post(url, {**form, "pad": pad, "text": TYPED})
            if who == "nobody":  # without a role in any school the sign-in is over
                assert "/account/sign-in/" in answer["Location"]
                continue
            assert answer.status_code == 409 and TYPED in answer.content.decode()
            assert not told.in_(answer)
    assert list(TalkPad.objects.values_list("pk", "version")) == before


def test_the_same_talk_open_twice_keeps_both_texts(world, anna):
    told, client = world.mine, world.client("teacher")
    nina = talk_at(told, "member")
    url, first = begin(client, told, nina)
    second = pad_form(client.get(url))
    assert autosave(client, url, first, "in het ene venster").json()["joined"] == {}
    answer = autosave(client, url, second, "in het andere venster").json()
    assert answer["joined"] == {"text": "in het ene venster\nin het andere venster"}
    assert kept(nina, anna) == "in het ene venster\nin het andere venster"


def test_a_screen_goes_on_with_its_own_text_when_an_answer_was_lost(world, anna):
    told, client = world.mine, world.client("teacher")
    nina = talk_at(told, "member")
    url, form = begin(client, told, nina)
    # each with the version of the beginning
    for text in (
        "Het gaat",
        "Het gaat goed",
        "Ging goed",
    ):
        assert autosave(client, url, form, text).json()["joined"] == {}
    assert kept(nina, anna) == "Ging goed"


@pytest.mark.parametrize("covered", [False, True])
def test_a_screen_that_did_not_get_the_joined_text_leaves_what_the_other_noted(
    world, anna, covered
):
    """Its answer was lost, or she typed meanwhile; or it is covered, and then the text is not given
    out.
    """
    told, client = world.mine, world.client("teacher")
    nina = talk_at(told, "member")
    url, laptop = begin(client, told, nina)
    tablet = pad_form(client.get(url))
    before = pad_text(nina, "een")
    autosave(client, url, tablet, f"{before}\nTABLET: gaat beter")
    if covered:
        client.post(reverse("privacy-screen-enter"), {"back": url})
    for text in ("laptop een", "laptop een twee", "laptop iets anders"):
        answer = autosave(client, url, laptop, text).json()
        assert kept(nina, anna) == f"{before}\nTABLET: gaat beter\n{text}"
        assert answer["joined"] == ({} if covered else {"text": kept(nina, anna)})
        assert not covered or str(answer["version"]) == laptop["version"]


def test_long_notes_fit_and_too_long_ones_are_said_and_stay(world, anna):
    told, client = world.mine, world.client("teacher")
    nina = talk_at(told, "member")
    url, form = begin(client, told, nina)
    # within 5,000 characters as the browser counts them
    text = "regel van vijfentwintig.\r\n" * 190
    assert autosave(client, url, form, text).status_code == 200
    assert kept(nina, anna) == text.replace("\r\n", "\n").strip()
    odd = "\x00\ud7ff😀" + "x" * 90_000
    answer = client.post(url, {**form, "text": odd})
    assert answer.status_code == 422 and "x" * 90_000 in answer.content.decode()
    assert autosave(client, url, form, odd).status_code == 422
    assert kept(nina, anna).startswith("regel")


def test_by_buttons_alone_one_goes_through_the_talk_and_out(world, anna):
    told, client = world.mine, world.client("teacher")
    talk = talk_at(told, "talk")
    url, form = begin(client, told, talk)
    after = client.post(url, {**form, "text": "eerste deel", "go": "next"})["Location"]
    assert kept(talk, anna) == "eerste deel"
    answer = client.get(after)
    assert "eerste deel" not in answer.content.decode()
    form = pad_form(answer)
    back = client.post(after, {**form, "text": "tweede deel", "go": "back"})["Location"]
    assert back == url
    assert kept(talk_at(told, "explain"), anna) == "tweede deel"
    form = pad_form(client.get(url))
    asked = client.post(url, {**form, "text": "eerste deel af", "go": "leave"})["Location"]
    assert url in client.get(asked).content.decode()  # not yet
    assert client.post(asked)["Location"] == page_url(told, talk)
    assert kept(talk, anna) == "eerste deel af"
    assert client.get(url)["Location"] == reverse("home")


def test_covered_in_the_middle_of_a_talk_leads_back_to_the_talk(world, anna):
    told, client = world.mine, world.client("teacher")
    talk = talk_at(told, "talk")
    url, form = begin(client, told, talk)
    assert client.post(url, {**form, "text": TYPED, "go": "cover"})["Location"] == reverse(
        "privacy-screen"
    )
    assert client.get(url)["Location"] == reverse("privacy-screen")
    assert not told.in_(client.get(reverse("privacy-screen")))
    saved = autosave(client, url, form, TYPED + " en meer").json()
    assert saved["joined"] == {} and kept(talk, anna) == TYPED + " en meer"
    assert client.post(reverse("privacy-screen-leave"))["Location"] == url
    assert TYPED in client.get(url).content.decode()


def test_notes_sent_after_the_sign_in_ended_are_kept_and_the_talk_goes_on(world, anna):
    told, client = world.mine, Client()
    client.force_login(anna)
    talk = talk_at(told, "talk")
    url, form = begin(client, told, talk)
    client.cookies.pop("sessionid", None)
    for name in [name for name in client.cookies if "session" in name]:
        del client.cookies[name]
    sent = client.post(url, {**form, "text": TYPED}, headers={"referer": "http://testserver" + url})
    assert reverse("account_login") in sent["Location"]
    data = {"login": anna.email, "password": PASSWORD, "next": url}
    assert client.post(reverse("account_login"), data)["Location"] == url
    answer = client.get(url, follow=True)
    assert answer.redirect_chain == [(url, 302)]
    assert kept(talk, anna) == TYPED and TYPED in answer.content.decode()
    # The pupil may still be there: nothing but the talk.
    assert client.get(reverse("home"))["Location"] == reverse("privacy-screen")


def test_looking_and_writing_are_in_the_journal_without_content(world, anna):
    told, client = world.mine, world.client("teacher")
    nina = talk_at(told, "member")
    url, form = begin(client, told, nina)
    before = JournalEntry.objects.count()
    autosave(client, url, form, TYPED)
    assert JournalEntry.objects.count() == before + 1
    lines = JournalEntry.objects.filter(actor=anna, case=told.case.pk)
    assert lines.filter(action="view", thing=f"{nina.label}/talk").exists()
    last = lines.order_by("number").last()
    assert (last.action, last.thing, last.fields) == ("change", f"{nina.label}/pad", ["text"])
    assert not lines.filter(thing__contains="Ottilie").exists()


def test_a_talk_of_which_the_case_is_no_longer_yours_ends(world, anna):
    told, client = world.mine, world.client("other")
    cases.add_colleague(told.case, world.people["other"], by=anna)
    url, _form = begin(client, told, talk_at(told, "talk"))
    cases.remove_colleague(told.case, world.people["other"], by=anna)
    assert client.get(url)["Location"] == reverse("home")
    assert client.get(reverse("home")).status_code == 200


def test_a_talk_belongs_to_its_round(world, anna):
    told = world.mine
    member = GroupMember.objects.filter(round__case=world.second.case).first()
    strange = location_of(told.case, told.round, "followup", "member", member)
    client = world.client("teacher")
    answer = client.post(page_url(told, strange), {"version": "0", "go": "talk"})
    assert answer.status_code == 404


def test_after_a_talk_one_comes_to_the_page_with_the_notes(world, anna):
    told, client = world.mine, world.client("teacher")
    first, later = talk_at(told, "talk"), talk_at(told, "explain")
    for talk in (first, later):
        pad = talk_pads.pad_of(talk, anna)
        talk_pads.save_pad(talk, "", version=pad.version, written_from="", by=anna)
    url, form = begin(client, told, first)
    after = client.post(url, {**form, "text": "", "go": "next"})["Location"]
    form = pad_form(client.get(after))
    asked = client.post(after, {**form, "text": "alleen hier", "go": "leave"})["Location"]
    assert client.post(asked)["Location"] == page_url(told, later)
    assert "alleen hier" in client.get(page_url(told, later)).content.decode()
    # What was noted another time, in a part that was not opened now, leads nobody away.
    url, form = begin(client, told, first)
    asked = client.post(url, {**form, "text": "", "go": "leave"})["Location"]
    assert client.post(asked)["Location"] == page_url(told, first)
