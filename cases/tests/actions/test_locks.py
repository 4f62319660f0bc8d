"""Two people at once on PostgreSQL: who changes the school or their own settings stops nobody's
page.
"""

import datetime
import threading
import time

import pytest
from django.db import connection, transaction

from cases.actions import closed_days, journal, personal_settings, print_requests
from cases.tests.world import open_case
from cases.uploads.images import Photo

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]

DAY = datetime.date(2026, 12, 8)
PICTURE = Photo(data=b"picture", mime="image/png", width=1, height=1)


def settings(anna, _noor):
    personal_settings.keep_settings(
        by=anna, spoken_name="Anna", mail_time=datetime.time(8), mail_off=[]
    )


CHANGES = {
    "a closed day": lambda anna, _noor: closed_days.add_closed(
        anna.membership.school, DAY, DAY, "Studiedag", by=anna
    ),
    "the logo": lambda anna, _noor: print_requests.set_logo(
        anna.membership.school, PICTURE, by=anna
    ),
    "one's own settings": settings,
    "a calendar address": lambda anna, _noor: personal_settings.new_address(by=anna),
    "a support plan": lambda anna, noor: open_case(noor, anna),
}


# Of this database only: others on the same server have locks of their own.
WAITING = """
    SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE NOT granted AND datname = current_database()
"""


def somebody_waits(other) -> bool:
    """Whether the other thread comes to stand still for a lock that this one holds; looks for five
    seconds at the most.
    """
    end = time.monotonic() + 5
    while other.is_alive() and time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return True
        time.sleep(0.01)
    return False


@pytest.mark.parametrize("what", CHANGES)
def test_a_page_that_is_read_meanwhile_is_not_in_the_way(school, anna, noor, what):
    journal.record(journal.VIEW, by=anna, thing="first line")  # from here on the school has a head
    errors = []

    def change():
        try:
            CHANGES[what](anna, noor)
        except Exception as error:  # noqa: BLE001  (shown below)
            errors.append(error)
        finally:
            connection.close()

    other = threading.Thread(target=change)
    with transaction.atomic():  # a request that reads a page: it holds the journal until it ends
        journal.record(journal.VIEW, by=anna, thing="page")
        other.start()
        assert somebody_waits(other)
    other.join()
    assert not errors
    assert journal.first_broken_line(school) is None
