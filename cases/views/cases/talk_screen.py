"""The talk screen: a pupil, or the group, sits beside the screen.

It shows what the method lets stand beside a pupil (``audience`` and ``beside`` in cases/method) and
the pad of this talk, and nothing that was answered anywhere. While a talk is held the server gives
out nothing else (PrivacyScreenMiddleware). A pad is saved with the signed note of its own talk, so
two tabs never mix.
"""

import secrets
from dataclasses import dataclass

from django.core import signing
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from ...actions import journal, talk_pads
from ...actions.page_location import PageLocation, location_at
from ...method import METHOD
from ...models import Case, GroupMember, Round
from ...typed_text import tidy
from ..decorators import is_autosave, staff_view
from ..pending_posts import discard_post, restore_post
from ..privacy_screen import COVERED, TALKING, cover
from .autosave import autosave_answer, posted_version

PAD = "talk pad"


@dataclass(frozen=True)
class PadNote:
    """The signed note in a pad's form: whose pad, of which talk, on which open screen."""

    user: str
    case: str
    round: int
    step: str
    page: str
    member: str
    screen: str

    def signed(self) -> str:
        return signing.dumps(list(vars(self).values()), salt=PAD)

    @classmethod
    def read(cls, text: str) -> "PadNote | None":
        """The note, or None when it is not ours."""
        try:
            return cls(*signing.loads(text, salt=PAD))
        except (signing.BadSignature, TypeError):
            return None


def enter(request, location: PageLocation):
    """Begin the talk of a page; the page itself when nobody sits beside it."""
    if not location.page.audience:
        return redirect(request.path)
    return redirect(_begin(request, location, secrets.token_urlsafe(9)))


def _begin(request, location, key) -> str:
    """Remember in the session that a talk is held; the address of its part that this page is."""
    part = _parts(location).index((location.step_key, location.page)) + 1
    talk = reverse("talk-screen", args=[key, part])
    request.session[TALKING] = {
        "key": key,
        "talk": talk,
        "back": _page_url(location),
        **_keys(location),
    }
    return talk


def _keys(location) -> dict:
    return {
        "case": str(location.case.pk),
        "round": location.round.number,
        "step": location.step_key,
        "page": location.page.key,
        "member": str(location.member.pk) if location.member else "",
    }


def _parts(location) -> list:
    """The parts of the talk, in order: step key and page."""
    talk = METHOD.talk_of(location.step, location.page)
    return [(step.key if step else location.step_key, page) for step, page in talk]


def _location(user, keys: dict) -> PageLocation | None:
    """The location with these keys, if this person runs its case and somebody may sit beside it."""
    case = (
        Case.objects.visible_to(user)
        .select_related("school", "pupil")
        .filter(pk=keys["case"])
        .first()
    )
    if case is None or not user.has_perm("case.edit", case):
        return None
    case_round = Round.objects.filter(case=case, number=keys["round"]).first()
    member = None
    if keys["member"]:
        member = GroupMember.objects.filter(pk=keys["member"], round=case_round).first()
    if case_round is None or bool(member) != bool(keys["member"]):
        return None
    case_round.case, case_round.school = case, case.school
    try:
        location = location_at(case, case_round, keys["step"], keys["page"], member)
    except KeyError:
        return None
    return location if location.page.audience else None


def _at_part(location, part: int) -> PageLocation | None:
    """Another part of the same talk; None past its ends."""
    parts = _parts(location)
    if not 1 <= part <= len(parts):
        return None
    step_key, page = parts[part - 1]
    return location_at(location.case, location.round, step_key, page.key, location.member)


@require_http_methods(["GET", "POST"])
@staff_view(keeps_pending_post=True)
def talk_screen(request, key, part):
    """One part of a talk. POST keeps the pad and goes where the button says."""
    if request.method == "POST":
        return _save(request, request.POST, key, part)
    if kept := restore_post(request):
        # Sent after the sign-in had ended. The pupil may still be there: go on with the talk.
        return _save(request, kept, key, part)
    location = _here(request, key, part)
    if location is None:
        return redirect("privacy-screen" if TALKING in request.session else "home")
    return _show(request, location, key, part)


def _here(request, key, part) -> PageLocation | None:
    """The part of the talk that is being held, at its own address only."""
    state = request.session.get(TALKING)
    if state is None or state["key"] != key:
        return None
    location = _location(request.user, state)
    if location is None:
        del request.session[TALKING]  # the case is not this person's any more
    return location and _at_part(location, part)


def _save(request, data, key, part):
    note, text = PadNote.read(data.get("pad", "")), tidy(data.get("text", ""))
    location = None
    if note is not None and note.user == str(request.user.pk):
        location = _location(request.user, vars(note))
    if note is None or location is None or len(text) > talk_pads.LONGEST_PAD:
        return _refuse(request, data, text, location)
    pad = talk_pads.save_pad(
        location, text, version=posted_version(data, 0), written_from=note.screen, by=request.user
    )
    discard_post(request)
    if is_autosave(request):
        return _saved_itself(request, location, pad, text, data)
    if request.session.get(TALKING, {}).get("key") != key:
        _begin(request, location, key)  # signed in anew: the pupil may still be there
    go = data.get("go", "")
    if go == "cover":
        return cover(request, request.path)
    if go == "leave":
        return redirect("talk-screen-leave", key, part)
    if go in ("next", "back") and _at_part(location, part := part + (1 if go == "next" else -1)):
        return redirect("talk-screen", key, part)
    return redirect(request.path)


def _saved_itself(request, location, pad, text, data):
    """The answer to a pad that saves itself; with what another screen of the same talk had
    noted.
    """
    if pad.text == text:
        return autosave_answer(location, version=pad.version)
    if COVERED in request.session:
        return autosave_answer(location, version=posted_version(data, 0))
    return autosave_answer(location, version=pad.version, joined={"text": pad.text})


def _refuse(request, data, text, location):
    """A pad that cannot be kept: say so and show the text, so that it can be copied."""
    if is_autosave(request):
        if location is None:
            # Not signed in as who this pad belongs to: the screen keeps its text and tries again.
            return JsonResponse({"signed_out": True}, status=401)
        return JsonResponse({"errors": {}}, status=422)
    too_long = location is not None
    context = {
        "text": text,
        "too_long": too_long,
        "pad": data.get("pad", ""),
        "version": posted_version(data, 0),
    }
    return render(
        request, "cases/talk_screen_refused.html", context, status=422 if too_long else 409
    )


def _show(request, location, key, part):
    journal.record(
        journal.VIEW, by=request.user, case=location.case, thing=f"{location.label}/talk"
    )
    pad = talk_pads.pad_of(location, request.user)
    note = PadNote(str(request.user.pk), **_keys(location), screen=secrets.token_urlsafe(9))
    parts = _parts(location)
    context = {
        "page": location.page,
        "pupil_name": location.case.pupil.first_name,
        "pad": note.signed(),
        "text": pad.text,
        "version": pad.version,
        "saved_at": pad.saved_at,
        "part": part,
        "before": parts[part - 2][1] if part > 1 else None,
        "after": parts[part][1] if part < len(parts) else None,
    }
    return render(request, "cases/talk_screen.html", context)


def _page_url(location) -> str:
    """The page on which the talk is recorded."""
    if location.step is None:
        return reverse("case-later", args=[location.case.pk, location.page.key])
    keys = [location.case.pk, location.round.number, location.step.key, location.page.key]
    return (
        reverse("case-talk", args=[*keys, location.member.pk])
        if location.member
        else reverse("case-step", args=keys)
    )


def _page_after(user, state: dict, part: int) -> str:
    """Where to go after a talk: the page it began on, or the first page of it on which something
    was noted.

    Only the parts between where it began and ``part``, where it was left, are looked at.
    """
    began = _location(user, state)
    if began is None:
        return state["back"]
    first = _parts(began).index((began.step_key, began.page)) + 1
    onward = range(first, part + 1) if part >= first else range(first, part - 1, -1)
    for location in (_at_part(began, number) for number in onward):
        if (
            location is not None
            and talk_pads.pad_of(location, user).text
            and talk_pads.can_be_opened(location)
        ):
            return _page_url(location)
    return state["back"]


@require_http_methods(["GET", "POST"])
@staff_view()
def leave(request, key, part):
    """Ask whether the talk is over and nobody looks at the screen; then back to the page."""
    state = request.session.get(TALKING)
    if state is None or state["key"] != key:
        return redirect("privacy-screen" if state else "home")
    if request.method == "POST":
        del request.session[TALKING]
        return redirect(_page_after(request.user, state, part))
    context = {"talk_url": reverse("talk-screen", args=[key, part])}
    return render(request, "cases/talk_screen_leave.html", context)
