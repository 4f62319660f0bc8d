"""Photos against damage, against a decoder that was taken over, and against public collections of
odd files.
"""

import itertools
import os
import random
import sys
import time
import zlib
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import ImageFile

from cases.tests.uploads.test_images import FORMS, assert_clean, drawing, encode, loaded
from cases.uploads import image_process, images
from cases.uploads.images import Photo, PhotoRefused, clean_photo

KINDS = {"JPEG": "jpeg", "PNG": "png", "WEBP": "webp"}


def damaged(form, count):
    """`count` damaged copies of a photo full of notes: bits turned, a piece cut out, the end
    missing.
    """
    whole, dice = loaded(form), random.Random(f"damage {form}")
    for number in range(count):
        copy = bytearray(whole)
        if number % 3 == 0:
            for _flip in range(dice.choice((1, 3, 20))):
                copy[dice.randrange(12, len(copy))] ^= 1 << dice.randrange(8)
        elif number % 3 == 1:
            start = dice.randrange(12, len(copy))
            del copy[start : start + dice.randrange(1, 60)]
        else:
            del copy[dice.randrange(12, len(copy)) :]
        yield with_true_sums(copy) if form == "PNG" and number % 2 else bytes(copy)


def with_true_sums(data):
    """The damaged PNG with its checksums put right, as an attacker would do: else few copies get
    far.
    """
    data, at = bytearray(data), 8
    while at + 12 <= len(data):
        end = at + 8 + int.from_bytes(data[at : at + 4], "big")
        if end + 4 > len(data):
            break
        data[end : end + 4] = zlib.crc32(data[at + 4 : end]).to_bytes(4, "big")
        at = end + 4
    return bytes(data)


def outcome(data):
    """Returns "taken" or the code of the refusal; anything but a Photo or a PhotoRefused fails the
    test.
    """
    try:
        photo = clean_photo(data)
    except PhotoRefused as refusal:
        return refusal.code
    assert_clean(photo)
    return "taken"


@pytest.mark.parametrize("form", FORMS)
def test_damage_never_lets_a_note_through(form, monkeypatch):
    """Several hundred copies per type through the decoder's own function; a process for each is too
    slow.
    """
    # In its own process the decoder has Pillow's default; here the paper's library has changed it.
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", False)
    seen = Counter()
    for data in damaged(form, 600):
        start = time.process_time()
        try:
            mime, width, height, body = image_process.clean(KINDS[form], data)
        except Exception:  # noqa: BLE001  (the program answers "broken" to any of them)
            seen["refused"] += 1
        else:
            assert_clean(Photo(body, mime, width, height))
            seen["taken"] += 1
        assert time.process_time() - start < 5
    assert seen["refused"] > 100 and seen["taken"] > 10


@pytest.mark.parametrize("form", FORMS)
def test_damage_through_the_real_process_is_taken_or_refused(form):
    codes = {outcome(data) for data in damaged(form, 15)}
    assert "broken" in codes and codes <= {"taken", "broken", "pixels", "frames"}


def test_bytes_of_chance_behind_a_true_beginning():
    dice = random.Random("chance")
    for form in FORMS:
        assert outcome(encode(drawing(), form)[:12] + dice.randbytes(5000)) in ("broken", "pixels")


def test_several_threads_at_once():
    data = encode(drawing(), "JPEG")
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _turn: outcome(data), range(16))) == {"taken"}


# The process around the decoder

CONFINED = [sys.executable, "-I", "-B", "-c"]
PROGRAM = f"import os, runpy, sys; runpy.run_path({images._PROGRAM!r})['set_limits']();"


def test_decoder_has_no_environment(monkeypatch):
    monkeypatch.setenv("NOBLAME_TEST_SECRET", "open sesame")
    answer, status = images._run([*CONFINED, "import os; print(dict(os.environ))"], b"")
    assert status == 0 and b"sesame" not in answer and b"PATH" not in answer


@pytest.mark.parametrize(
    "attack",
    [
        "bytearray(1_300_000_000)",
        "os.write(os.open(sys.argv[1], os.O_CREAT | os.O_WRONLY), b'x')",
        "[os.dup(0) for _ in range(100)]",
    ],
)
def test_decoder_cannot_leave_its_limits(attack, tmp_path):
    answer, status = images._run([*CONFINED, PROGRAM + "print('ready', flush=True)", "x"], b"")
    assert (answer, status) == (b"ready\n", 0)
    target = tmp_path / "left-behind"
    _answer, status = images._run([*CONFINED, PROGRAM + attack, str(target)], b"")
    assert status != 0
    assert not target.exists() or target.stat().st_size == 0


def test_decoder_that_floods_its_answer_is_cut_off():
    flood = "import sys\nwhile True: sys.stdout.buffer.write(bytes(1 << 20))"
    answer, status = images._run([*CONFINED, flood], b"")
    assert len(answer) <= images.MAX_RESULT_BYTES + 1 and status != 0


def test_decoder_that_hangs_or_is_missing_asks_to_try_again(monkeypatch, tmp_path):
    data = encode(drawing(), "JPEG")
    monkeypatch.setattr(images, "WALL_SECONDS", 0.5)
    stuck = tmp_path / "stuck.py"
    stuck.write_text("import time; time.sleep(60)")
    for program in (stuck, tmp_path / "absent.py"):
        monkeypatch.setattr(images, "_PROGRAM", str(program))
        assert outcome(data) == "timeout"
    monkeypatch.setattr(images.sys, "executable", str(tmp_path / "no-python"))
    assert outcome(data) == "timeout"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\n",
        b"[]\n",
        b"null\n",
        b"[" * 100_000,
        b"\xff\xfe\n",
        b'{"refused": ["x"]}\n',
        b'{"refused": "root"}\n',
        b'{"mime": [], "width": 1, "height": 1, "length": 0}\n',
        b'{"mime": "text/html", "width": 1, "height": 1, "length": 6}\n<html>',
        b'{"mime": "image/jpeg", "width": 1, "height": 1, "length": 6}\n<html>',
        b'{"mime": "image/jpeg", "width": 1, "height": 1, "length": 9}\n\xff\xd8\xff',
        b'{"mime": "image/jpeg", "width": true, "height": 1, "length": 3}\n\xff\xd8\xff',
        b'{"mime": "image/jpeg", "width": 9999, "height": 1, "length": 3}\n\xff\xd8\xff',
    ],
)
def test_answer_of_a_decoder_that_was_taken_over_is_not_believed(answer):
    with pytest.raises(PhotoRefused) as caught:
        images._read(answer)
    assert caught.value.code == "broken"


# Public collections: not part of the product, so absent on most machines


def corpora():
    beside = Path(__file__).resolve().parents[2].parent / "shared" / "corpora"
    return Path(os.environ.get("STEENTJE_CORPORA") or beside)


def pick(folder):
    """At most 200 pictures of our types by name, 100 of others, each in turn by type, and 50 PDF
    files.
    """
    by_type = defaultdict(list)
    for path in sorted((folder / "images").rglob("*")):
        if path.is_file():
            by_type[path.suffix.lower()].append(path)
    ours = [by_type.pop(suffix, []) for suffix in (".jpg", ".jpeg", ".webp", ".mpo", ".png")]
    pictures = []
    for groups, most in ((ours, 200), (by_type.values(), 100)):
        turns = itertools.chain.from_iterable(itertools.zip_longest(*groups))
        pictures += itertools.islice(filter(None, turns), most)
    return pictures, sorted((folder / "pdf").rglob("*.pdf"))[:50]


def test_public_collections_of_odd_files(capsys):
    folder = corpora()
    if not (folder / "images").is_dir():
        pytest.skip("no corpora here: set STEENTJE_CORPORA to a folder with images/ and pdf/")
    pictures, documents = pick(folder)
    with ThreadPoolExecutor(2) as pool:
        seen = list(pool.map(lambda path: outcome(path.read_bytes()), pictures))
        renamed = list(pool.map(lambda path: outcome(path.read_bytes()), documents))
    told = ", ".join(f"{code} {count}" for code, count in Counter(seen).most_common())
    with capsys.disabled():
        print(
            f"\ncorpora: {len(pictures)} pictures ({told}), "
            f"{len(documents)} PDF files ({len(renamed)} refused)"
        )
    assert "timeout" not in seen and "taken" in seen
    assert set(renamed) <= {"type"}
