"""Somebody looks along: a page with phrases and a scratch pad, and nothing else in the HTML."""

from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from ..actions import journal, keeping
from ..forms.fields import LONGEST_TEXT, tidy
from ..method import METHOD
from ..models import Case
from ..templatetags.steentje import clock
from .doors import for_staff, is_autosave


@require_POST
@for_staff()
def enter(request):
    """Cover the screen: from now on the server gives out only the calm page."""
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None) or not back.startswith("/"):
        back = "/"
    request.session["calm"] = {"back": back, **_where(request.user, back)}
    return redirect("calm")


def _where(user, path):
    """The case, step and page that an address is about, when it is a step page of a visible case."""
    try:
        match = resolve(path.partition("?")[0])
    except Resolver404:
        return {}
    case_id, step = match.kwargs.get("case_id"), match.kwargs.get("step")
    if case_id is None or step is None or not Case.objects.visible_to(user).filter(pk=case_id).exists():
        return {}
    return {"case": str(case_id), "step": step, "page": match.kwargs.get("page", "")}


@for_staff()
def calm(request):
    """The phrases of the page one came from and a scratch pad; from any other page, a plain day."""
    state = request.session.get("calm")
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
        return render(request, "cases/calm_day.html", {"today": _today(request)})
    journal.record(journal.VIEW, by=request.user, case=case, thing="calm")
    scratch = case.scratches.filter(user=request.user).first()
    context = {
        "say": _phrases(state),
        "pupil_name": case.pupil.first_name,
        "text": scratch.text if scratch else "",
        "saved": scratch.saved if scratch else None,
    }
    return render(request, "cases/calm.html", context)


def _today(request):
    return request.membership.school.today() if request.membership else None


def _phrases(state):
    """The groups of phrases that are said aloud, of this page or of its whole step."""
    try:
        step = METHOD.step(state["step"])
    except KeyError:
        return []
    pages = [page for page in step.pages if page.key == state.get("page")]
    said = [say for page in pages for say in page.all_say() if say.aloud]
    return said or [say for page in step.pages for say in page.all_say() if say.aloud]


@require_POST
@for_staff(keeps=True)
def scratch(request):
    """Keep the scratch pad while it is typed."""
    state = request.session.get("calm") or {}
    case = (
        Case.objects.visible_to(request.user).filter(pk=state.get("case")).first()
        if state.get("case")
        else None
    )
    if case is not None and request.user.has_perm("case.edit", case):
        keeping.save_scratch(case, tidy(request.POST.get("text", ""))[:LONGEST_TEXT], by=request.user)
    if is_autosave(request):
        now = clock(school_now(request))
        return JsonResponse({"version": 0, "saved": now, "errors": {}})
    return redirect("calm")


def school_now(request):
    """The present moment on the school's clock."""
    return request.membership.school.now() if request.membership else timezone.now()


@for_staff()
def leave(request):
    """Ask whether nobody looks along any more; then go back to where it was."""
    state = request.session.get("calm")
    if state is None:
        return redirect("home")
    if request.method != "POST":
        return render(request, "cases/calm_leave.html")
    del request.session["calm"]
    return redirect(state.get("back") or "home")
