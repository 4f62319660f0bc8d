"""What a sweep costs: next to nothing without work, and the same for each mail."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.reminders import sweep
from cases.tests.world import (
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    case_for,
    mailed_user,
    moment_at,
    on,
    plan_talk,
)


def test_with_nothing_due_it_asks_next_to_nothing(planned, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        sweep(moment_at(TUESDAY, 17))


def test_each_mail_costs_the_same(school):
    """Four more mails cost no more after six than after two: what a sweep costs by itself is not in
    the difference.
    """
    totals = {}
    for people in (2, 6, 10):
        with on(TUESDAY, 16):
            for number in range(people):
                plan_talk(
                    case_for(school, mailed_user(school, f"{people}-{number}@school.example")),
                    THURSDAY,
                )
        with (
            on(WEDNESDAY, 8, people),
            CaptureQueriesContext(
                connection,
            ) as queries,
        ):
            assert sweep().sent == people
        totals[people] = len(queries)
    assert totals[10] - totals[6] <= totals[6] - totals[2], totals
