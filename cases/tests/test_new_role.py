"""A role that is added to `Membership.ROLES` and to nothing else sees, does and gets nothing."""

import datetime

import pytest
from django.core import mail

from cases import access, reminder_kinds
from cases.actions import cases, personal_settings, reminder_recipients
from cases.models import Case, Membership, Pupil, Reminder, User
from cases.reminders import sweep
from cases.tests.world import (
    FEED_SECRET,
    TODAY,
    at,
    bodies,
    photograph,
    standing,
    undone,
)

from .views.test_decorators import path_of, patterns

ROLE = "unheard-of"
# Of the sign-in itself, not of a school; and another of one's own schools may be chosen.
NO_SCHOOL = {"set_language", "choose-school"}
PUBLIC = "account_"


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    with standing(django_db_blocker) as world:
        Membership.objects.filter(user=world.people["teacher"]).update(role=ROLE)
        yield world


@pytest.fixture
def world(made, db):
    return made


def names():
    return sorted(
        name
        for name, _view in patterns()
        if name not in NO_SCHOOL and not name.startswith(PUBLIC) and name != "static"
    )


def test_every_address_is_refused_and_nothing_changes(world):
    """Also of the case that this person led while they had another role."""
    client, forms, before, wrong = world.client("teacher"), bodies(world), photograph(), []
    for name in names():
        answers = []
        for method, data in (("get", {}), ("post", forms.get(name, {}))):
            with undone():
                answer = getattr(client, method)(path_of(world.mine, name), data)
                answers.append(answer.status_code)
                if world.mine.in_(answer) or photograph() != before:
                    wrong.append(f"{method} {name} says or changes something")
        # 405: this address does not know the method, whoever asks.
        if not set(answers) <= {403, 404, 405} or set(answers) == {405}:
            wrong.append(f"{name}: {answers}")
    assert not wrong, "\n".join(wrong)


def test_no_permission_and_no_row(world):
    visitor = User.objects.get(pk=world.people["teacher"].pk)
    assert visitor.membership.role == ROLE
    held = set(access.rules.permissions.permissions)
    assert "case.edit" in held
    assert not [name for name in held if visitor.has_perm(name, world.mine.case)]
    assert not [name for name in held if visitor.has_perm(name)]
    assert not Case.objects.visible_to(visitor).exists()
    assert not Pupil.objects.of(visitor).exists()


def test_no_calendar_feed(world):
    assert personal_settings.feed_of(FEED_SECRET) is None


def test_no_colleague_of_a_case(world):
    case, by = world.mine.case, world.people["coordinator"]
    visitor = world.people["other"]
    Membership.objects.filter(user=visitor).update(role=ROLE)
    with pytest.raises(ValueError, match="colleague"):
        cases.add_colleague(case, visitor, by=by)
    with pytest.raises(ValueError, match="colleague"):
        cases.hand_over(case, visitor, by=by)


def test_no_mail_and_no_reminder(world):
    """Neither as the one who leads a case, nor as a colleague on it, nor as who coordinated: the
    administrator hears of it, as when all of them had left.
    """
    case, administrator = world.mine.case, world.people["administrator"]
    cases.add_colleague(case, world.people["other"], by=world.people["coordinator"])
    for person in ("other", "coordinator"):
        Membership.objects.filter(user=world.people[person]).update(role=ROLE)
    assert not reminder_recipients.owner_is_there(case)
    mail.outbox = []
    for days in range(1, 20):
        with at(TODAY + datetime.timedelta(days=days), 12):
            sweep()
    told = {address for message in mail.outbox for address in message.to}
    assert told - {world.people["stranger"].email} == {administrator.email}
    sent = Reminder.objects.filter(case=case, state=Reminder.SENT)
    assert set(sent.values_list("kind", "recipient")) == {(reminder_kinds.NOBODY, administrator.pk)}
