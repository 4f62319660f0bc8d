"""The words on slips and letters, as they are typed on the print page: shown, saved, never lost."""

from dataclasses import dataclass, replace

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from ...actions import paper_texts, slip_wording
from ...forms.print_forms import LANGUAGE_LABELS, LetterForm
from ...printing.documents import SLIPS
from ...printing.letters import fits, problems, proposal
from ...printing.print_choices import SECOND
from ...printing.printable_text import missing_in
from ...printing.slip_formats import FORMATS
from ...printing.slips import LONGEST_IDEA
from ...typed_text import tidy
from ..pending_posts import discard_post


def save(request, print_context, paper, show):
    """Keep what was typed. ``show``: the page again, when something is not right yet."""
    if paper.key == SLIPS:
        return _save_slips(request, print_context, paper, show)
    if paper.letter:
        return _save_letter(request, print_context, paper, show)
    return redirect("case-paper", print_context.case.pk, paper.key)


# --- slips ------------------------------------------------------------------------------------


def slips_context(print_context, typed=None) -> dict:
    """The rows of the form with the words of each slip, and what is to be said about them.

    ``typed``: what was typed and is not saved yet; it stands in the fields again. Where the slip
    was changed since that page was loaded, both texts are shown.
    """
    rows, typed = print_context.slip_rows(), typed or {}
    spare = print_context.choices.spare_for(len(rows))
    for row in rows:
        sent = _sent(typed, row)
        mine = sent is not None and sent.text != sent.shown
        row["typed"] = typed[_field(row)] if mine else row["text"]
        row["ticked"] = sent is not None and sent.checked and sent.shown == _line(row["text"])
        row["meanwhile"] = (
            _meanwhile(print_context, row, sent) if sent and (mine or sent.checked) else ""
        )
        row["chosen"] = typed.get(_language_field(row), row["language"])
        if len(tidy(row["typed"])) > LONGEST_IDEA:
            row["error"] = _("This is %(length)s characters. A slip has room for %(longest)s.") % {
                "length": len(tidy(row["typed"])),
                "longest": LONGEST_IDEA,
            }
        row["theirs"] = row["meanwhile"] and mine
        row["language_field"] = _language_field(row)
        row["missing"] = missing_in(row["printed"])
        row["may_be_word"] = bool(row["maybe"]) and not row["names"]
    waiting = [row for row in rows if row["waits"]]
    per = FORMATS[print_context.choices.format].on_a_page
    return {
        "rows": rows,
        "slip_languages": LANGUAGE_LABELS.items(),
        "spare": spare,
        "per_leaf": per,
        "pages": -(-(len(rows) + spare) // per) if rows else 0,
        "waiting": waiting,
        "may_name": print_context.case.school.slip_shows_name,
        # What has to be worded or put right comes before the picture of it.
        "words_first": waiting
        or any(row["words"] or row.get("error") or row["meanwhile"] for row in rows),
        "slip_errors": [
            {"id": _field(row), "text": f"{row['name']}: {said}"}
            for row in rows
            for said in (row.get("error"), row["meanwhile"])
            if said
        ],
    }


def _field(row) -> str:
    return f"slip-{row['member'].pk}"


def _language_field(row) -> str:
    return f"language-{row['member'].pk}"


@dataclass(frozen=True)
class _Sent:
    """What came back of one slip: what was typed, and what the page had shown when it was."""

    text: str
    shown: str
    was: str
    said: str
    checked: bool


def _line(text: str) -> str:
    return tidy(text).replace("\n", " ")


def _sent(typed, row) -> _Sent | None:
    """None when there was no field for this slip, or nothing was typed in it."""
    pk = row["member"].pk
    if _field(row) not in typed:
        return None
    was, said = (typed.get(f"{kind}-{pk}", "").replace("\r\n", "\n") for kind in ("was", "said"))
    text, shown = _line(typed[_field(row)]), _line(was)
    # A tick is about the words that were shown: of other words nobody was asked.
    return _Sent(text, shown, was, said, f"checked-{pk}" in typed and text == shown)


def _meanwhile(print_context, row, sent) -> str:
    """What happened to a slip since the page was loaded on which this was typed; "" for nothing."""
    if not row["spoken"]:
        return _("There is no idea any more, so we cannot keep your words.") if sent.text else ""
    if sent.text == _line(row["text"]) and not sent.checked:
        return ""
    if sent.said != row["spoken"]:
        return _("The idea was changed meanwhile. Read the slip again.")
    if sent.shown == _line(row["text"]) or sent.text == _line(row["text"]):
        return ""
    if row["worded_by"] == print_context.user.pk:
        return _("You saved other words for this slip in another tab.")
    return _("Somebody else changed this slip meanwhile.")


def _save_slips(request, print_context, paper, show):
    texts = {}
    for row in print_context.slip_rows():
        sent = _sent(request.POST, row)
        if sent is None:
            continue
        if len(sent.text) > LONGEST_IDEA:
            return show(request, print_context, paper, typed=request.POST, status=422)
        if sent.checked or sent.text != sent.shown:
            wording = slip_wording.Wording(sent.said, sent.text, sent.checked, sent.was)
            texts[str(row["member"].pk)] = wording
    chosen = {
        str(row["member"].pk): request.POST[_language_field(row)]
        for row in print_context.slip_rows()
        if request.POST.get(_language_field(row)) in ("", *SECOND)
    }
    paper_texts.choose_slip_languages(print_context.round, chosen, by=request.user)
    if outdated := slip_wording.word_slips(print_context.round, texts, by=request.user):
        if len(outdated) < len(texts):
            messages.success(request, _("The other slips are saved."))
        now = replace(print_context)  # looked up anew: what is saved now, and what others saved
        return show(request, now, paper, typed=request.POST, status=409)
    messages.success(request, _("Saved."))
    discard_post(request)
    return redirect("case-paper", print_context.case.pk, SLIPS)


# --- letters ----------------------------------------------------------------------------------


def letter_form(print_context, letter, kept=None) -> LetterForm:
    """The form with the words as they are, or as they were typed when the sign-in ended."""
    found, words = print_context.text(letter), print_context.words(letter)
    initial = {
        "text": words.text,
        "place": words.place,
        "version": found.version if found else 0,
        "language": print_context.language,
    }
    if kept is not None and "text" in kept:
        initial |= {"text": kept.get("text", ""), "place": kept.get("place", "")}
        initial["version"] = kept.get("version") or 0
    form = LetterForm(print_context, letter, initial=initial)
    form.warnings = warnings(print_context, letter)
    return form


def warnings(print_context, letter) -> dict:
    """By field, what keeps the kept words off paper: in sentences, for the teacher at the field."""
    words, said = print_context.words(letter), {}
    for name, found in problems(
        letter, words, print_context.case, print_context.around, print_context.language
    ).items():
        if found:
            said[name] = _(
                "Not in this letter: %(words)s. Choose other words, then you can print it."
            ) % {"words": ", ".join(found)}
    if "text" not in said and not fits(print_context.addressed(letter), print_context.language):
        said["text"] = _("This does not fit. Make it shorter, then you can print it.")
    return said


def _save_letter(request, print_context, paper, show):
    form = LetterForm(print_context, paper.letter, request.POST)
    if not form.is_valid():
        return show(request, print_context, paper, words_form=form, status=422)
    text = form.cleaned_data["text"]
    if text == tidy(proposal(paper.letter, print_context.case, print_context.language)):
        text = ""  # our own words are not kept: they stay up to date
    try:
        paper_texts.save_text(
            print_context.round,
            paper.key,
            print_context.language,
            text=text,
            place=form.cleaned_data.get("place", ""),
            version=form.cleaned_data.get("version") or 0,
            by=request.user,
        )
    except paper_texts.TextConflict as conflict:
        return show(
            request,
            print_context,
            paper,
            words_form=_both(print_context, paper, form, conflict.kept),
            conflict=conflict.kept,
            status=409,
        )
    discard_post(request)
    messages.success(request, _("Saved."))
    address = reverse("case-paper", args=[print_context.case.pk, paper.key])
    return redirect(f"{address}?language={print_context.language}")


def _both(print_context, paper, form, theirs):
    """My words again in the field, on the version that stands there now: saving once more keeps
    mine.
    """
    mine = form.cleaned_data
    initial = {
        "text": mine["text"],
        "place": mine.get("place", ""),
        "version": theirs.version,
        "language": print_context.language,
    }
    return LetterForm(print_context, paper.letter, initial=initial)
