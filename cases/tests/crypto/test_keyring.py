"""Sealing: opens with the right key in the right place, and nowhere else."""

import base64

import pytest
from django.core.exceptions import ImproperlyConfigured

from cases.crypto import keyring

PLACE = "cases_idea.text|1"


def keys(*pairs):
    return ",".join(
        f"{number}:{base64.b64encode(bytes([byte]) * 32).decode()}" for number, byte in pairs
    )


@pytest.fixture(autouse=True)
def one_key(settings):
    settings.ENCRYPTION_KEYS = keys((1, 1))


def test_what_was_sealed_opens():
    for plain in (b"", b"x", "Noël zegt “hoi”".encode(), bytes(100_000)):
        assert keyring.unseal("school", PLACE, keyring.seal("school", PLACE, plain)) == plain


def test_the_same_text_never_looks_the_same():
    assert len({keyring.seal("school", PLACE, b"ja") for _ in range(50)}) == 50


@pytest.mark.parametrize(
    ("scope", "place"), [("other", PLACE), ("school", "cases_idea.text|2"), ("school", "")]
)
def test_it_does_not_open_elsewhere(scope, place):
    sealed = keyring.seal("school", PLACE, b"geheim")
    with pytest.raises(keyring.CannotOpen) as error:
        keyring.unseal(scope, place, sealed)
    assert "geheim" not in str(error.value)


def test_another_key_under_the_same_number_does_not_open_it(settings):
    sealed = keyring.seal("school", PLACE, b"geheim")
    settings.ENCRYPTION_KEYS = keys((1, 2))
    with pytest.raises(keyring.CannotOpen):
        keyring.unseal("school", PLACE, sealed)


def test_an_unknown_key_is_named(settings):
    settings.ENCRYPTION_KEYS = keys((1, 1), (9, 9))
    sealed = keyring.seal("school", PLACE, b"geheim")
    settings.ENCRYPTION_KEYS = keys((1, 1))
    with pytest.raises(keyring.CannotOpen, match="key 9"):
        keyring.unseal("school", PLACE, sealed)


def test_the_highest_key_seals_and_old_ones_still_open(settings):
    old = keyring.seal("school", PLACE, b"oud")
    settings.ENCRYPTION_KEYS = keys((2, 2), (1, 1))
    assert keyring.current_key_id() == 2
    assert keyring.seal("school", PLACE, b"nieuw")[1] == 2
    assert keyring.unseal("school", PLACE, old) == b"oud"


def test_every_changed_or_missing_byte_is_noticed():
    sealed = keyring.seal("school", PLACE, b"geheim")
    for number in range(len(sealed)):
        damaged = bytearray(sealed)
        damaged[number] ^= 1
        with pytest.raises(keyring.CannotOpen):
            keyring.unseal("school", PLACE, bytes(damaged))
        with pytest.raises(keyring.CannotOpen):
            keyring.unseal("school", PLACE, sealed[:number])


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        ",",
        "geheim",
        "1:kort",
        f"0:{base64.b64encode(bytes(32)).decode()}",
        f"256:{base64.b64encode(bytes(32)).decode()}",
        f"x:{base64.b64encode(bytes(32)).decode()}",
        f"1:{base64.b64encode(bytes(31)).decode()}",
    ],
)
def test_wrong_keys_are_refused_without_being_shown(settings, wrong):
    settings.ENCRYPTION_KEYS = wrong
    with pytest.raises(ImproperlyConfigured) as error:
        keyring.seal("school", PLACE, b"x")
    assert len(wrong) < 5 or wrong not in str(error.value)
