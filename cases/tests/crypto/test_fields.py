"""Encrypted columns: unreadable in the database, readable only in their own row, and loud
otherwise.
"""

import base64
import uuid

import pytest
from django.apps import apps
from django.core.exceptions import FieldError, ValidationError
from django.db import connection, transaction
from django.utils import timezone

from cases.crypto.fields import (
    EncryptedBytesField,
    EncryptedField,
    EncryptedJSONField,
    EncryptedTextField,
)
from cases.crypto.keyring import CannotOpen
from cases.models import (
    Appointment,
    Case,
    Enclosure,
    GroupMember,
    Idea,
    LateText,
    PageRecord,
    PageRevision,
    PaperText,
    PendingPost,
    PrintJob,
    ResetRequest,
    Round,
    School,
    Scratch,
    StepRecord,
    TalkPad,
)
from cases.tests.world import raw, write_raw

CANARY = "kanarievogel"
COLUMNS = sorted(
    (f"{model.__name__}.{field.name}", model, field)
    for model in apps.get_app_config("cases").get_models()
    for field in model._meta.concrete_fields
    if isinstance(field, EncryptedField)
)


@pytest.fixture
def rows(make_case, anna):
    """A saved row of every model that has an encrypted column."""
    case = make_case("ideas")
    case_round = case.rounds.get()
    member = case_round.members.first()
    record = PageRecord.objects.filter(round=case_round).first()
    shared = {"school": case.school}
    made = {
        School: case.school,
        Case: case,
        Round: case_round,
        GroupMember: member,
        PageRecord: record,
        StepRecord: StepRecord.objects.filter(round=case_round).first(),
        Appointment: Appointment.objects.filter(round=case_round).first(),
        Idea: Idea.objects.create(member=member, **shared),
        Scratch: Scratch.objects.create(case=case, user=anna, **shared),
        TalkPad: TalkPad.objects.create(
            case=case, round=case_round, step="talk", page="talk", user=anna, **shared
        ),
        LateText: LateText.objects.create(case=case, user=anna, **shared),
        PendingPost: PendingPost.objects.create(owner=uuid.uuid4(), path="/"),
        ResetRequest: ResetRequest.objects.create(
            tag="0", asked_at=timezone.now(), next_at=timezone.now()
        ),
        Enclosure: Enclosure.objects.create(
            case=case, added_by=anna, client_key=uuid.uuid4(), **shared
        ),
        PageRevision: PageRevision.objects.create(
            record=record, version=1, answers={}, written_at=timezone.now(), **shared
        ),
        PaperText: PaperText.objects.create(
            case=case, round=case_round, kind="parents", language="nl", **shared
        ),
        PrintJob: PrintJob.objects.create(
            owner=anna, language="nl", client_key=uuid.uuid4(), **shared
        ),
    }
    return made


@pytest.fixture
def idea(rows):
    idea = rows[Idea]
    idea.text = CANARY
    idea.save()
    return Idea.objects.get(pk=idea.pk)


def value_for(field):
    if isinstance(field, EncryptedBytesField):
        return CANARY.encode()
    return {"tekst": CANARY, CANARY: [True, 3]} if isinstance(field, EncryptedJSONField) else CANARY


@pytest.mark.parametrize(("model", "field"), [c[1:] for c in COLUMNS], ids=[c[0] for c in COLUMNS])
def test_no_column_shows_its_contents_in_the_database(rows, model, field):
    assert model in rows, (
        f"{model.__name__} has an encrypted column: add a saved row of it to the fixture rows in "
        "cases/tests/crypto/test_fields.py"
    )
    row, value = rows[model], value_for(field)
    setattr(row, field.name, value)
    row.save()
    held = raw(row, field.column)
    assert len(held) > 30
    assert CANARY.encode() not in held
    with connection.cursor() as cursor:
        key = row.pk.hex if connection.vendor == "sqlite" else str(row.pk)
        cursor.execute(f'SELECT * FROM "{model._meta.db_table}" WHERE id = %s', [key])  # noqa: S608  (names of our own tables)
        assert CANARY not in str(
            [bytes(v) if isinstance(v, memoryview) else v for v in cursor.fetchone()]
        )
    assert getattr(model.objects.get(pk=row.pk), field.name) == value


def test_a_wrong_key_raises_and_never_gives_text(idea, settings):
    settings.ENCRYPTION_KEYS = "1:" + base64.b64encode(b"w" * 32).decode()
    wrong = Idea.objects.get(pk=idea.pk)
    for _ in range(2):
        with pytest.raises(CannotOpen) as error:
            _ = wrong.text
    assert CANARY not in str(error.value)
    # What could not be read goes back as it came, so a save under a wrong key destroys nothing.
    held = raw(idea, "text")
    wrong.save()
    assert raw(idea, "text") == held


def test_an_unknown_key_raises(idea):
    held = bytearray(raw(idea, "text"))
    held[1] = 200
    write_raw(idea, "text", bytes(held))
    with pytest.raises(CannotOpen, match="key 200"):
        _ = Idea.objects.get(pk=idea.pk).text


def test_a_value_does_not_open_in_another_row_column_or_school(idea, rows, other_school):
    other = Idea.objects.create(
        school=idea.school, member=rows[GroupMember].round.members.last(), text="anders"
    )
    write_raw(other, "text", raw(idea, "text"))
    with pytest.raises(CannotOpen):
        _ = Idea.objects.get(pk=other.pk).text
    write_raw(idea, "slip", raw(idea, "text"))
    with pytest.raises(CannotOpen):
        _ = Idea.objects.get(pk=idea.pk).slip
    Idea.objects.filter(pk=idea.pk).update(school=other_school)
    with pytest.raises(CannotOpen):
        _ = Idea.objects.get(pk=idea.pk).text


def test_plain_text_put_into_the_column_is_not_read_as_text(idea):
    write_raw(idea, "text", b"ingevoegd door iemand met het bestand")
    with pytest.raises(CannotOpen):
        _ = Idea.objects.get(pk=idea.pk).text


def test_reading_in_every_way(idea):
    assert Idea.objects.only("id").get(pk=idea.pk).text == CANARY
    assert Idea.objects.defer("text").get(pk=idea.pk).text == CANARY
    assert CANARY not in str(list(Idea.objects.values("text"))) + str(
        list(Idea.objects.values_list("text"))
    )
    stale = Idea.objects.get(pk=idea.pk)
    idea.text = "nieuwer"
    idea.save()
    assert stale.text == CANARY
    stale.refresh_from_db()
    assert stale.text == "nieuwer"
    idea.text = "nieuwst"
    idea.save(update_fields=["text"])
    stale.refresh_from_db(fields=["text"])
    assert stale.text == "nieuwst"


def test_saving_a_row_with_a_deferred_column_keeps_it(idea):
    part = Idea.objects.defer("text").get(pk=idea.pk)
    part.slip = "voor op papier"
    part.save()
    assert Idea.objects.get(pk=idea.pk).text == CANARY


def test_after_a_failed_check_it_still_reads(idea):
    fresh = Idea.objects.get(pk=idea.pk)
    fresh.member = None
    with pytest.raises(ValidationError):
        fresh.full_clean()
    assert fresh.text == CANARY
    fresh = Idea.objects.get(pk=idea.pk)
    fresh.text = "getypt"
    fresh.member = None
    with pytest.raises(ValidationError):
        fresh.full_clean()
    assert fresh.text == "getypt"


@pytest.mark.parametrize("lookup", ["text", "text__contains", "text__in", "text__isnull"])
def test_searching_is_refused(idea, lookup):
    value = [CANARY] if lookup.endswith("in") else CANARY
    with pytest.raises(FieldError):
        list(Idea.objects.filter(**{lookup: value}))


def test_changing_many_rows_at_once_is_refused(idea):
    with pytest.raises(FieldError), transaction.atomic():
        Idea.objects.update(text="leesbaar")
    idea.text = "leesbaar"
    with pytest.raises(FieldError), transaction.atomic():
        Idea.objects.bulk_update([idea], ["text"])
    assert Idea.objects.get(pk=idea.pk).text == CANARY


def test_making_many_rows_at_once_seals_each(rows):
    members = list(rows[Round].members.exclude(pk=rows[GroupMember].pk))
    made = [
        Idea(school=rows[School], member=member, text=f"{CANARY} {member.position}")
        for member in members
    ]
    Idea.objects.bulk_create(made)
    for member in members:
        row = Idea.objects.get(member=member)
        assert row.text == f"{CANARY} {member.position}"
        assert CANARY.encode() not in raw(row, "text")


def test_export_is_refused(idea):
    from django.core import serializers

    with pytest.raises(FieldError):
        serializers.serialize("json", [idea])


def test_emptied_text_leaves_nothing_behind(idea):
    idea.text = ""
    idea.save()
    assert raw(idea, "text") == b""
    assert Idea.objects.get(pk=idea.pk).text == ""


def test_what_utf8_cannot_hold_is_replaced_not_refused(idea, rows):
    idea.text = "half \ud83d teken"
    idea.save()
    assert Idea.objects.get(pk=idea.pk).text == "half ? teken"
    record = rows[PageRecord]
    record.answers = {"know": "half \ud83d teken", "heel": "😀 Noël"}
    record.save()
    read = PageRecord.objects.get(pk=record.pk).answers
    assert read == {"know": "half ? teken", "heel": "😀 Noël"}
    str(read).encode()


def test_answers_changed_in_place_are_saved(rows):
    record = PageRecord.objects.get(pk=rows[PageRecord].pk)
    record.answers["nieuw"] = "erbij"
    record.save()
    assert PageRecord.objects.get(pk=record.pk).answers["nieuw"] == "erbij"


def test_a_sealed_value_shows_nothing_when_printed(idea):
    row = Idea.objects.get(pk=idea.pk)
    assert "kanarie" not in repr(row.__dict__)
    assert "<sealed>" in repr(row.__dict__)


def test_a_column_can_be_added_to_a_table_that_has_rows(idea):
    """A migration asks the field for the value of the rows that are there already."""
    field = EncryptedTextField(blank=True, default="")
    assert field.get_db_prep_save("", connection) is not None
    with pytest.raises(FieldError):
        field.get_db_prep_save("leesbaar", connection)
