"""Somebody looks along: a page with phrases and a scratch pad, and nothing else in the HTML."""

from django.core import signing
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from ..actions import journal, keeping
from ..actions.place import LATER
from ..forms.fields import LONGEST_TEXT, tidy
from ..method import METHOD
from ..models import Case
from ..templatetags.steentje import clock
from .doors import for_staff, is_autosave, let_go, take_kept

PAD = "scratch pad"


@require_POST
@for_staff()
def enter(request):
    """Cover the screen: from now on the server gives out only the calm page."""
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None) or not back.startswith("/"):
        back = "/"
    request.session["privacy_screen"] = {"back": back, **_where(request.user, back)}
    return redirect("privacy-screen")


def _where(user, path):
    """The case, step and page that an address is about, when it is a step page of a visible case."""
    try:
        match = resolve(path.partition("?")[0])
    except Resolver404:
        return {}
    case_id, step = match.kwargs.get("case_id"), match.kwargs.get("step")
    if match.url_name == "case-later":
        step = LATER
    if case_id is None or step is None or not Case.objects.visible_to(user).filter(pk=case_id).exists():
        return {}
    page = match.kwargs.get("kind" if step == LATER else "page", "")
    return {"case": str(case_id), "step": step, "page": page}


@for_staff()
def privacy_screen(request):
    """The phrases of the page one came from and a scratch pad; from any other page, a plain day."""
    state = request.session.get("privacy_screen")
    if state is None:
        return redirect("home")
    case = None
    if state.get("case"):
        case = (
            Case.objects.visible_to(request.user)
            .select_related("school", "pupil")
            .filter(pk=state["case"])
            .first()
        )
    if case is None or request.GET.get("day") or not request.user.has_perm("case.edit", case):
        return render(request, "cases/privacy_screen.html", {"today": _today(request)})
    journal.record(journal.VIEW, by=request.user, case=case, thing="calm")
    scratch = case.scratches.filter(user=request.user).first()
    context = {
        "say": _phrases(state),
        "pupil_name": case.pupil.first_name,
        "pad": signing.dumps(str(case.pk), salt=PAD),
        "text": scratch.text if scratch else "",
        "saved": scratch.saved if scratch else None,
    }
    return render(request, "cases/talk_screen.html", context)


def _today(request):
    return request.membership.school.today() if request.membership else None


def _phrases(state):
    """The groups of phrases that are said aloud, of this page or of its whole step."""
    try:
        if state["step"] == LATER:
            return [say for say in METHOD.later_page(state["page"]).all_say() if say.aloud]
        step = METHOD.step(state["step"])
    except KeyError:
        return []
    pages = [page for page in step.pages if page.key == state.get("page")]
    said = [say for page in pages for say in page.all_say() if say.aloud]
    return said or [say for page in step.pages for say in page.all_say() if say.aloud]


@require_http_methods(["GET", "POST"])
@for_staff(keeps=True)
def scratch(request):
    """Keep the scratch pad while it is typed, with the case whose page it was on: another tab may be elsewhere.

    GET: what was sent after the sign-in had ended is kept now, for the same person.
    """
    kept = take_kept(request) if request.method == "GET" else None
    data = request.POST if request.method == "POST" else (kept or {})
    case = _case_of_pad(request.user, data.get("pad", ""))
    if case is not None:
        keeping.save_scratch(case, tidy(data.get("text", ""))[:LONGEST_TEXT], by=request.user)
        let_go(request)
    if is_autosave(request):
        if case is None:
            return JsonResponse({"conflict": True, "url": reverse("privacy-screen")}, status=409)
        return JsonResponse({"version": 0, "saved": clock(school_now(request)), "errors": {}})
    if case is not None and "privacy_screen" not in request.session:
        return redirect("case", case.pk)
    return redirect("privacy-screen")


def _case_of_pad(user, token):
    """The case that a scratch pad belongs to, if this person runs it."""
    try:
        case_id = signing.loads(token, salt=PAD)
    except signing.BadSignature:
        return None
    case = Case.objects.visible_to(user).filter(pk=case_id).first()
    return case if case is not None and user.has_perm("case.edit", case) else None


def school_now(request):
    """The present moment on the school's clock."""
    return request.membership.school.now() if request.membership else timezone.now()


@for_staff()
def leave(request):
    """Ask whether nobody looks along any more; then go back to where it was."""
    state = request.session.get("privacy_screen")
    if state is None:
        return redirect("home")
    if request.method != "POST":
        return render(request, "cases/privacy_screen_leave.html")
    del request.session["privacy_screen"]
    return redirect(state.get("back") or "home")
