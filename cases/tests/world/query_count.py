"""How many queries a page takes."""

from django.db import connection
from django.test.utils import CaptureQueriesContext


def count_queries(client, url):
    """How many queries a page takes the second time that it is looked at, and the page."""
    client.get(url)  # the session and what is read once
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(url)
    assert answer.status_code == 200
    return len(seen), answer
