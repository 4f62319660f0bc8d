"""Where a pupil's name stands in a text, or may stand: in an idea, of which the teacher is asked,
and in the words of a letter, which is then not printed. Nothing is taken out.

"Noor", "NOOR", "Noor's" and "d'Anne" are the name for certain. "Noors", "Noortje", "metNoor",
"Anne" of Anne-Marie and a name that is also a word ("Roos", "Sem") at the beginning of a sentence
or in small letters may be it: then a person says whether it is. A wrong question costs one press; a
wrong guess puts a child's name on a paper that gets lost. What is not seen (a space without width,
a soft hyphen) hides no name.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from ..people.names import search_key
from .anonymise import ALSO_WORDS

_JOINTS = re.compile(r"['’‘ʼ`´\-‐‑]+")
_DOUBLE = re.compile(r"[\s\-‐‑]+")  # between the names of a double one
_ARTICLE = re.compile("^[dl]['’‘ʼ]")  # d'Anne-Marie
_RUN_ON = re.compile(r"(?<=[a-zß-öø-ÿ\d])(?=[A-ZÀ-ÖØ-Þ])|(?<=\D)(?=\d)|(?<=\d)(?=\D)")
_SENTENCE_ENDS = '.!?:;…\n"“”„«»‘'
# What a name gets when it is somebody's, or small, in the languages of the product.
_ENDINGS = ("s je jes tje tjes etje etjes pje pjes ke kes ie y i chen lein le").split()
_NICKNAME = 3  # letters: "Max" of Maximiliaan
# Scripts in which words are not parted by spaces: the name is looked for anywhere.
_WITHOUT_SPACES = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)


@dataclass(frozen=True)
class Found:
    """A word of the text that is a name, or may be. ``word`` as written, ``start`` and ``end``
    where it stands; ``name`` the first name it is about; ``sure`` whether it can be nothing else.
    """

    word: str
    name: str
    start: int
    end: int
    sure: bool


def names_in(
    text: str, first_names: Iterable[str], *, closely: Iterable[str] = (), language: str = ""
) -> list[Found]:
    """The names in a text, in its order. ``first_names`` of whom to look for.

    For those in ``closely`` also what is made of a name: endings, a part of a double name, a short
    form; and the name in small letters, whatever word it is. Of the others an everyday word of the
    ``language`` in small letters is the word.
    """
    closely, language = set(closely), language.partition("-")[0]
    seen = _seen(text)
    found: dict[tuple[int, int], Found] = {}
    for name in sorted({*first_names, *closely}):
        for each in _in_seen(text, seen, name, closely=name in closely, language=language):
            known = found.get((each.start, each.end))
            if known is None or (each.sure and not known.sure):
                found[each.start, each.end] = each
    return sorted(found.values(), key=lambda each: each.start)


def words_that_name(
    text: str, first_names: Iterable[str], *, closely: Iterable[str] = (), language: str = ""
) -> list[str]:
    """The words of a text that are a name, or may be, for paper on which nobody says that a word is
    none: the words as written, each once.

    What may also be an everyday word, and stands there in small letters, is the word. A name with
    an s behind it is the name in small letters as well.
    """
    first_names = set(first_names)
    owners = {
        f"{name}s"
        for name in first_names
        if len(search_key(name)) >= _NICKNAME and search_key(name) not in ALSO_WORDS
    }
    found = names_in(text, first_names | owners, closely=closely, language=language)
    return list(dict.fromkeys(each.word for each in found if each.sure or not _everyday(each.word)))


def _everyday(word: str) -> bool:
    return not word[:1].isupper() and search_key(word) in ALSO_WORDS


def _seen(text: str) -> list[int]:
    """The places of what can be seen in a text: without characters that only say how the others are
    set.
    """
    return [at for at, char in enumerate(text) if unicodedata.category(char) != "Cf"]


def _in_seen(
    text: str, seen: list[int], name: str, *, closely: bool, language: str
) -> Iterable[Found]:
    """One name, where it stands in the text as it was typed.

    What is not seen may stand inside a name ("No-or" with a soft hyphen) or part it from the word
    before it: where it parts words, it is asked.
    """
    bare = "".join(text[at] for at in seen)
    for each in _of_name(bare, name, closely=closely, language=language):
        start, end = seen[each.start], seen[each.end - 1] + 1
        yield Found(text[start:end], name, start, end, each.sure)
    if len(seen) < len(text):
        spaced = "".join(" " if unicodedata.category(char) == "Cf" else char for char in text)
        for each in _of_name(spaced, name, closely=closely, language=language):
            yield Found(text[each.start : each.end], name, each.start, each.end, False)


def parts(text: str, found: list[Found]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is one of the names found: to show where they
    stand.
    """
    pieces, at = [], 0
    for each in found:
        if each.start >= at:
            pieces += [(text[at : each.start], False), (text[each.start : each.end], True)]
            at = each.end
    return [(piece, named) for piece, named in [*pieces, (text[at:], False)] if piece]


def _words(text: str) -> list[tuple[int, int]]:
    """Where each word begins and ends, with the marks, apostrophes and hyphens that are inside
    it.
    """
    found, start, end = [], None, 0
    for at, char in enumerate(text):
        if unicodedata.category(char)[0] in "LMN" and char != "ʼ":
            start = at if start is None else start
            end = at + 1
        elif start is not None and (at > end or not _JOINTS.fullmatch(char)):
            # two signs end a word: a dash, a quotation
            found.append((start, end))
            start = None
    return [*found, (start, end)] if start is not None else found


def _of_name(text: str, name: str, *, closely: bool, language: str) -> list[Found]:
    key = search_key(name)
    if not key or _WITHOUT_SPACES.search(name):
        return _exactly(text, name)
    words, several = _words(text), len(_DOUBLE.split(name.strip()))
    found = []
    for place in range(len(words)):
        for count in range(1, min(several, len(words) - place) + 1):
            start, end = words[place][0], words[place + count - 1][1]
            word = "" if closely else language  # in which a small letter says that it is no name
            sure = _judged(
                text,
                start,
                end,
                key,
                name,
                closely=closely and count == 1,
                alone=count == 1,
                language=word,
            )
            if sure is not None:
                found.append(Found(text[start:end], name, start, end, sure))
    return found


def _exactly(text: str, name: str) -> list[Found]:
    """A name of signs, or in a script without spaces: wherever it stands."""
    name = unicodedata.normalize("NFC", name.strip())
    if not name:
        return []
    return [
        Found(text[hit.start() : hit.end()], name, hit.start(), hit.end(), True)
        for hit in re.finditer(re.escape(name), text)
    ]


def _judged(
    text: str,
    start: int,
    end: int,
    key: str,
    name: str,
    *,
    closely: bool,
    alone: bool,
    language: str,
) -> bool | None:
    """Whether these words are the name: True, False when they may be, None when they are not."""
    written = text[start:end]
    pieces = [search_key(piece) for piece in _JOINTS.split(written)]
    owned = alone and key in (pieces[0], pieces[-1]) and _held_by_apostrophes(written)
    if owned or search_key(_ARTICLE.sub("", written)) == key:
        return _is_the_name(text, start, written, key, language)
    if not alone:
        return None
    if key in pieces:
        return False  # Noor-Anne, when the name is Noor
    if len(key) >= _NICKNAME and any(search_key(each) == key for each in _RUN_ON.split(written)):
        return False  # metNoor, Noor2: a space was forgotten
    word, capital = search_key(written), written[:1].isupper()
    if (closely or capital) and any(word == key + ending for ending in _ENDINGS):
        return False
    if not closely or len(word) < 2:
        return None
    short = capital and len(word) >= _NICKNAME and key.startswith(word) and not _begins(text, start)
    return False if short or word in map(search_key, _DOUBLE.split(name)) else None


def _held_by_apostrophes(written: str) -> bool:
    """Whether its pieces are held together by apostrophes only: Noor's, d'Anne."""
    return not re.search(r"[\-‐‑]", written)


def _is_the_name(text: str, start: int, written: str, key: str, language: str) -> bool | None:
    if key not in ALSO_WORDS:
        return True
    if not written[:1].isupper():
        # "roos" may be Roos, typed in a hurry; only a word of every second idea is taken for the
        # word.
        return None if key in _EVERYDAY.get(language, ()) else False
    return not _begins(text, start)


# By language, those of the names that are also words which every second idea holds as a word. Words
# of another language are not among them: in a Dutch idea "sem" and "mark" are children.
_EVERYDAY = {
    "nl": frozenset("wil ben dan an as do vrij".split()),
    "en": frozenset("will may do an as just bill pat art mark".split()),
}


def _begins(text: str, start: int) -> bool:
    """Whether a sentence begins here, so that a capital says nothing."""
    before = text[:start].rstrip(" \t\u00a0")
    return not before or before[-1] in _SENTENCE_ENDS
