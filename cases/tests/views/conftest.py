import pytest

from .world import standing


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    with standing(django_db_blocker) as world:
        yield world


@pytest.fixture
def world(made, db):
    """Two schools, everybody who can come to a door, three cases; as new for each test."""
    return made
