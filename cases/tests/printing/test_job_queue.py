"""Prints that take a while: one worker at a time, none lost, stopped within a part, gone after an
hour.
"""

import datetime
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.actions import cases, print_requests
from cases.models import JournalEntry, PrintJob
from cases.printing import documents, job_queue
from cases.printing.pdf_rendering import PaperRefused
from cases.tests.printing.pdf_reader import words
from cases.tests.world import TODAY, at, raw

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def case(make_case):
    with at(TODAY):
        case = make_case(until="followup")
    return case


@pytest.fixture
def ask(case, anna, school):
    """A print of these papers of the case, waiting."""

    def make(*papers, by=anna, **more):
        items = [
            {"case": str(case.pk), "paper": key}
            for key in papers or ("sheet-talk", "card", "cards")
        ]
        order = {"items": items, "choices": {}, **more}
        return print_requests.ask_print(
            school,
            order,
            language="nl",
            filename="morgen.pdf",
            total=len(items),
            by=by,
            client_key=uuid.uuid4(),
        )

    return make


@pytest.fixture
def renderer(monkeypatch):
    """A renderer that makes one empty page at once and counts them; ``renderer.during`` runs in
    between.
    """

    class Renderer:
        made = 0
        during = staticmethod(lambda: None)

        def __call__(self, *args, **kwargs):
            self.made += 1
            self.during()
            return BLANK

    fake = Renderer()
    for name in ("sheet_for", "task_slips", "pdf"):
        monkeypatch.setattr(documents, name, fake)
    return fake


def blank():
    import io

    import pypdfium2

    out, document = io.BytesIO(), pypdfium2.PdfDocument.new()
    document.new_page(200, 200)
    document.save(out)
    return out.getvalue()


BLANK = blank()


def test_what_is_asked_is_made_and_can_be_read(ask):
    job = ask("sheet-talk", "cards")
    assert job_queue.run() == 1
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (PrintJob.DONE, 2, 2)
    text = words(job.result)
    assert "Noor" in text and "Amina" in text
    stored = raw(job, "result")
    assert stored and not stored.startswith(b"%PDF")  # sealed where it lies


def test_progress_is_told_after_each_part(ask, renderer):
    job, seen = ask(), []
    renderer.during = lambda: seen.append(
        PrintJob.objects.values_list("state", "done", "total").get(pk=job.pk)
    )
    job_queue.run()
    assert seen == [("running", 0, 3), ("running", 1, 3), ("running", 2, 3)]


def test_stopped_between_two_parts_nothing_is_kept(ask, renderer, anna):
    job = ask()
    renderer.during = lambda: print_requests.stop_print(job, by=anna)
    assert job_queue.run() == 0
    job.refresh_from_db()
    assert (job.state, bytes(job.result), renderer.made) == (PrintJob.STOPPED, b"", 1)
    assert job_queue.run() == 0 and renderer.made == 1


def test_two_workers_do_not_make_the_same_print(ask):
    ask()
    now = timezone.now()
    assert job_queue.claim(now) is not None
    assert job_queue.claim(now) is None
    assert job_queue.claim(now + job_queue.LEASE + datetime.timedelta(seconds=1)) is not None


def test_a_worker_that_comes_back_late_changes_nothing(ask, renderer):
    job = ask()
    late = job_queue.claim(timezone.now() - 2 * job_queue.LEASE)
    assert job_queue.run() == 1
    made = renderer.made
    assert not job_queue.make(late)
    job.refresh_from_db()
    assert job.state == PrintJob.DONE and bytes(job.result) and renderer.made == made


def test_a_print_on_which_workers_die_is_given_up_after_three(ask, renderer):
    job, now = ask(), timezone.now()
    for number in range(3):
        assert job_queue.claim(now + number * 2 * job_queue.LEASE) is not None
    assert job_queue.claim(now + 8 * job_queue.LEASE) is None
    job.refresh_from_db()
    assert job.state == PrintJob.FAILED and renderer.made == 0


def test_an_error_is_tried_again_and_a_refusal_is_told(ask, renderer):
    def fails():
        raise ZeroDivisionError

    def refuses():
        raise PaperRefused("Te veel tekst")

    job, renderer.during = ask(), fails
    job_queue.run()
    job.refresh_from_db()
    assert (job.state, renderer.made) == (PrintJob.FAILED, 3)
    told, renderer.during = ask(), refuses
    job_queue.run()
    told.refresh_from_db()
    assert (told.state, told.problem, renderer.made) == (PrintJob.FAILED, "Te veel tekst", 4)


def test_a_right_that_was_taken_away_is_gone_when_it_is_made(ask, renderer, case, anna, youssef):
    cases.add_colleague(case, youssef, by=anna)
    job = ask(by=youssef)
    cases.remove_colleague(case, youssef, by=anna)
    job_queue.run()
    job.refresh_from_db()
    assert job.state == PrintJob.FAILED and renderer.made == 0 and not bytes(job.result)


def test_an_order_that_makes_no_sense_makes_nothing(ask, renderer, other_school, stranger):
    for order in (
        {},
        {"items": ["x", {}, {"case": "nonsense", "paper": "slips"}]},
        {"items": [{"case": None}]},
    ):
        job = ask()
        PrintJob.objects.filter(pk=job.pk).update(order=order)
        job_queue.run()
        job.refresh_from_db()
        assert job.state == PrintJob.FAILED and renderer.made == 0


def test_gone_an_hour_after_it_was_made_and_after_a_day_without_a_worker(ask, renderer):
    job = ask()
    job_queue.run()
    job_queue.run(timezone.now() + HOUR - datetime.timedelta(minutes=1))
    assert PrintJob.objects.filter(pk=job.pk).exists()
    job_queue.run(timezone.now() + HOUR + datetime.timedelta(minutes=1))
    assert not PrintJob.objects.exists()
    waiting = ask()
    assert print_requests.forget_prints(timezone.now() + 25 * HOUR) == 1
    assert not PrintJob.objects.filter(pk=waiting.pk).exists()


def test_one_query_when_nobody_prints(db):
    with CaptureQueriesContext(connection) as seen:
        assert job_queue.run() == 0
    assert len(seen) == 1


def test_pressing_twice_asks_once_and_nobody_fills_the_table(case, anna, school, ask):
    key = uuid.uuid4()
    asked = [
        print_requests.ask_print(
            school, {}, language="nl", filename="x.pdf", total=1, by=anna, client_key=key
        )
        for _number in range(2)
    ]
    assert asked[0].pk == asked[1].pk
    for _number in range(print_requests.MOST_JOBS - 1):
        ask()
    with pytest.raises(print_requests.TooManyJobs):
        ask()


def test_stopping_is_in_the_journal_and_happens_once(ask, anna):
    job = ask()
    assert print_requests.stop_print(job, by=anna) and not print_requests.stop_print(job, by=anna)
    assert JournalEntry.objects.filter(thing=f"print job/{job.pk}", fields=["stopped"]).count() == 1
