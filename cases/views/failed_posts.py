"""What was posted and could not be stored: its words, and its fields to be sent again."""

import re

from django.urls import Resolver404, resolve
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import outages
from ..formats.dates import named
from ..method import METHOD
from ..method.grammar import LINE, TEXT
from .pending_posts import NEVER_KEPT, came_from

UNDER_COVER = "covered"  # not an outage: sent while the screen was covered, and not to be kept
TITLES = {
    UNDER_COVER: gettext_lazy("Not saved: the screen is covered."),
    outages.FULL: gettext_lazy("Not saved: the disk of the server is full."),
    outages.READ_ONLY: gettext_lazy("Not saved: the server cannot store anything at the moment."),
    outages.AWAY: gettext_lazy("Not saved: Steentje cannot reach the data for a moment."),
}
SIGN_IN_TITLES = {
    outages.FULL: gettext_lazy("That did not work: the disk of the server is full."),
    outages.READ_ONLY: gettext_lazy(
        "That did not work: the server cannot store anything at the moment."
    ),
    outages.AWAY: gettext_lazy("That did not work: Steentje cannot reach the data for a moment."),
}
# Fields outside the method's pages in which people write; elsewhere a text is told by its spaces.
WRITTEN = {"reason", "words", "text", "name", "spoken_name", "help_name", "why", "q"}
OF_THE_FORM = {"made_for", "client_key", "version", "pad", "typed"}
SECRET = re.compile("passw|login", re.IGNORECASE)


class Unsaved:
    """A post that could not be stored.

    ``may_send``: it came from a page of ours and is offered to be sent again; otherwise its text is
    only shown. ``taken``: its page has put the text back into its own form. ``shown``: a page has
    shown this note.
    """

    def __init__(self, request, kind, *, may_send):
        self.kind, self.may_send = kind, may_send
        self.taken = self.shown = False
        self.path, self.address = request.path, request.get_full_path()
        self.page = came_from(request)
        self.in_talk = self.path.startswith("/talk/")
        self.account = self.path.startswith("/account/") and "settings" not in self.path
        self.data, self.with_files = _posted(request)
        self.texts, self.rest = [], []
        if not self.account:
            self._sort()

    @classmethod
    def of_nothing(cls, kind):
        """For a page that was only asked for."""
        made = cls.__new__(cls)
        made.kind, made.may_send, made.account = kind, False, False
        made.taken = made.shown = made.with_files = made.in_talk = False
        made.path = made.address = made.page = ""
        made.data, made.texts, made.rest = None, [], []
        return made

    def _sort(self):
        questions = _questions(self.path)
        for name, values in self.data.lists():
            if name == "csrfmiddlewaretoken" or (name in NEVER_KEPT and name not in OF_THE_FORM):
                continue
            if SECRET.search(name):
                continue
            for value in values:
                if _is_text(name, value, questions):
                    self.texts.append(
                        {
                            "name": name,
                            "value": value,
                            "label": _label(name, questions),
                            "rows": min(12, 2 + len(value) // 70 + value.count("\n")),
                        }
                    )
                else:
                    self.rest.append((name, value))

    def hide(self):
        """Keep the texts in the form that is sent again, without showing them."""
        self.rest += [(text["name"], text["value"]) for text in self.texts]
        self.texts = []

    @property
    def title(self):
        """What happened, in one sentence."""
        return (SIGN_IN_TITLES if self.account else TITLES)[self.kind]

    @property
    def showing(self):
        """Itself, for the template that shows it; from then on it counts as shown."""
        self.shown = True
        return self

    def stands_in(self, answer):
        """Whether a page shows this note, and every text that was typed."""
        page = "".join(answer.content.decode("utf-8", "replace").split())
        texts = ("".join(escape(text["value"]).split()) for text in self.texts)
        return self.shown and all(text in page for text in texts)

    def take(self, path):
        """What was posted to a path, for the page that shows it in its own form; None when it was
        another.
        """
        if path != self.path or self.data is None:
            return None
        self.taken = True
        return self.data.copy()


def _posted(request):
    try:
        return request.POST, bool(request.FILES)
    except OSError:  # the rest of the form never came
        return request.GET.__class__("", mutable=True), False


def _questions(path):
    """The questions of the method on the page at this path, by key: their words need no
    database.
    """
    try:
        match = resolve(path)
        step, key = match.kwargs.get("step"), match.kwargs.get("page")
        pages = METHOD.step(step).pages if step and key else ()
    except (Resolver404, KeyError):
        return {}
    return {
        question.key: question for page in pages if page.key == key for question in page.questions
    }


def _is_text(name, value, questions):
    if not value.strip() or name in OF_THE_FORM:
        return False
    question = questions.get(name.partition(":")[0])
    if question is not None:
        return question.kind in (TEXT, LINE) or bool(question.rows)
    return name in WRITTEN or len(value.split()) > 1


def _label(name, questions):
    question = questions.get(name.partition(":")[0])
    if question is None:
        return _("What you typed")
    return named(question.label, _("the pupil"))
