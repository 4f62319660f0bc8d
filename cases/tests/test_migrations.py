"""An installation of before the follow-ups had rows of its own: after migrating they are right."""

import datetime
import uuid

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from cases.actions import talk_pads
from cases.actions.journal import first_broken_line, mac_of
from cases.crypto import keyring
from cases.models import (
    Appointment,
    Case,
    JournalEntry,
    PendingPost,
    PrintJob,
    Reminder,
    School,
    TalkPad,
    User,
)

ON = datetime.date(2026, 11, 3)
BEFORE = [("cases", "0002_append_only_journal")]


def migrate(targets):
    """Migrate to these; the models as they are there."""
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


@pytest.fixture
def before(transactional_db, request):
    """The models of before, on their tables; afterwards the tables are as they should be again.

    Before the follow-ups, or before what a test asks for.
    """
    newest = [
        key for key in MigrationExecutor(connection).loader.graph.leaf_nodes() if key[0] == "cases"
    ]
    try:
        yield migrate(getattr(request, "param", BEFORE)), newest
    finally:
        migrate(newest)


def make(apps, **next_action):
    """A running case as it was kept then, with its round."""

    def new(model, /, **fields):
        return apps.get_model("cases", model).objects.create(**fields)

    school = new("School", name="De Kiezelhof")
    user = new("User", email=f"{uuid.uuid4().hex}@school.example", name="Anna", password="!")
    pupil = new("Pupil", school=school, first_name="Noor", search="noor", sort="noor")
    case = new(
        "Case", school=school, code="A1B2C3D", pupil=pupil, leader=user, created_by=user,
        step="talk",
        client_key=uuid.uuid4(), **({"next_owner": user} if next_action else {}), **next_action,
    )  # fmt: skip
    case_round = new("Round", school=school, case=case, first_step="talk")
    return new, {"school": school, "case": case, "round": case_round}, user


@pytest.mark.django_db(transaction=True)
def test_rows_of_before_are_right_afterwards(before):
    apps, newest = before
    new, where, user = make(apps, next_kind="talk", next_on=ON)
    _new, bare, _user = make(apps)
    new("Appointment", **where, kind="talk", on=ON, owner=user)
    told = {**where, "to": user, "due_on": ON}
    failed = new(
        "Reminder", **told, kind="late", subject="talk", state="failed", attempts=6, last_error="x"
    )
    plan = new("Reminder", **told, kind="plan", subject="pupil")
    sent = new("Reminder", **told, kind="today", subject="talk", state="sent")
    migrate(newest)
    case = Case.objects.get(pk=where["case"].pk)
    assert (case.next_kind, case.next_date, case.next_agreed) == ("talk", ON, True)
    assert not Case.objects.get(pk=bare["case"].pk).next_agreed
    assert Reminder.objects.get(pk=failed.pk).state == Reminder.DUE
    kept = Reminder.objects.get(pk=plan.pk)
    assert (kept.state, kept.subject, kept.due_on) == (Reminder.DUE, "pupil", ON)
    assert Reminder.objects.get(pk=sent.pk).state == Reminder.SENT
    assert Appointment.objects.get(case=case).settled_for is None
    school = School.objects.get(pk=where["school"].pk)
    assert (school.free_weekdays, school.days_changed_at) == ([5, 6], None)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("before", [[("cases", "0005_settled")]], indirect=True)
def test_the_one_pad_of_before_can_still_be_read_and_is_in_no_talk(before):
    """Each talk got a pad of its own; what stood on the old one is there for who wrote it."""
    apps, newest = before
    new, where, user = make(apps)
    old = new("Scratch", school=where["school"], case=where["case"], user=user)
    place = f"cases_scratch.text|{old.pk}"
    sealed = keyring.seal(str(where["school"].pk), place, b"over Lotte")
    with connection.cursor() as cursor:
        pk = old.pk.hex if connection.vendor == "sqlite" else str(old.pk)
        cursor.execute("UPDATE cases_scratch SET text = %s WHERE id = %s", [sealed, pk])
        assert cursor.rowcount == 1
    migrate(newest)
    case = Case.objects.get(pk=where["case"].pk)
    anna = User.objects.get(pk=user.pk)
    assert [note.text for note in talk_pads.leftover_notes(case, anna)] == ["over Lotte"]
    assert not TalkPad.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("before", [[("cases", "0005_settled")]], indirect=True)
def test_no_print_and_no_choice_of_before_holds_roles(before):
    """What an earlier release made with roles is gone, what waits is made without (M2)."""
    apps, newest = before
    new, where, user = make(apps)
    order = {"items": [{"case": str(where["case"].pk), "paper": "report"}], "roles": True}
    shared = {"school": where["school"], "owner": user, "language": "nl", "filename": "verslag.pdf"}
    made, waits, other = (
        new("PrintJob", **shared, order=asked, state=state, client_key=uuid.uuid4())
        for state, asked in (("done", order), ("waiting", order), ("done", {"items": []}))
    )
    type(user).objects.filter(pk=user.pk).update(
        print_choices={"format": "a5", "roles": True, "parts": ["scale", "roles"]}
    )
    migrate(newest)
    assert [PrintJob.objects.get(pk=each.pk).state for each in (made, waits, other)] == [
        PrintJob.STOPPED,
        PrintJob.WAITING,
        PrintJob.DONE,
    ]
    assert not PrintJob.objects.filter(order__has_key="roles").exists()
    assert User.objects.get(pk=user.pk).print_choices == {"format": "a5", "parts": ["scale"]}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("before", [[("cases", "0011_pad_screens")]], indirect=True)
def test_under_new_names_of_columns_what_was_sealed_opens_and_the_journal_holds(before):
    """The names of the table and of the column are part of what seals a post that waits."""
    apps, newest = before
    new, where, user = make(apps)
    post = new("KeptPost", owner=user.pk, path="/cases/", size=5, fields=None)
    sealed = keyring.seal("kept", f"cases_keptpost.fields|{post.pk}", b'{"text": ["over Lotte"]}')
    with connection.cursor() as cursor:
        pk = post.pk.hex if connection.vendor == "sqlite" else str(post.pk)
        cursor.execute("UPDATE cases_keptpost SET fields = %s WHERE id = %s", [sealed, pk])
    line = {"school_id": where["school"].pk, "number": 1, "action": "view", "thing": "x"}
    moment = timezone.now()
    mac = mac_of(JournalEntry(recorded_at=moment, **line))
    new("JournalEntry", at=moment, mac=mac, **line)
    new("JournalHead", school=where["school"], number=1, mac=mac)
    migrate(newest)
    assert PendingPost.objects.get(pk=post.pk).fields == {"text": ["over Lotte"]}
    assert first_broken_line(School.objects.get(pk=where["school"].pk)) is None
    entries = JournalEntry.objects.filter(school=where["school"].pk)
    for change in (entries.delete, lambda: entries.update(thing="y")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
