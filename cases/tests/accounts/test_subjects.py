"""What attempts are counted for: the account however it is typed, the network whatever a caller
pretends.
"""

import pytest
from django.test import RequestFactory

from cases.accounts.subjects import UNKNOWN, account, network


@pytest.mark.parametrize(
    "typed",
    ["anna@school.example", " Anna@School.Example ", "ANNA@SCHOOL.EXAMPLE", "ａnna@school.example"],
)
def test_an_account_is_one_however_it_is_typed(typed):
    assert account(typed) == "anna@school.example"


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "expected"),
    [
        (0, "192.0.2.7", None, "192.0.2.7"),
        (0, "192.0.2.7", "203.0.113.9", "192.0.2.7"),
        (1, "10.0.0.1", "203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1", "onzin, 203.0.113.9:4711", "203.0.113.9"),
        (2, "10.0.0.1", "198.51.100.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        # it did not come through both: no header of theirs
        (
            2,
            "10.0.0.1",
            "203.0.113.9",
            "10.0.0.1",
        ),
        (1, "10.0.0.1", None, "10.0.0.1"),
        (1, "10.0.0.1", "onzin", "10.0.0.1"),
        (0, "2001:db8:1:2:3:4:5:6", None, "2001:db8:1:2::"),
        (1, "10.0.0.1", "[2001:db8:1:2:ffff::1]:443", "2001:db8:1:2::"),
        (0, "fe80::1%eth0", None, "fe80::"),
        (0, "::ffff:192.0.2.7", None, "192.0.2.7"),
        (0, "", None, UNKNOWN),
    ],
)
def test_the_network_of_a_request(settings, proxies, remote, forwarded, expected):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    assert network(RequestFactory().get("/", REMOTE_ADDR=remote, **headers)) == expected
