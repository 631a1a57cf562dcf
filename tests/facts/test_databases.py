"""Limits of the database services, and the passwords that they accept."""

import re

import pytest

from facts.databases import (
    AUTONOMOUS_NAME,
    AUTONOMOUS_PASSWORD,
    CACHE_NODES,
    CACHE_NODES_IN_ALL,
    CACHE_SHARDS,
    POSTGRESQL_PASSWORD,
    POSTGRESQL_SHAPES,
    SEARCH_PASSWORD,
    PasswordForm,
    password_faults,
    postgresql_shape,
)

STRONG = "Correct-Horse-7-Staple"


@pytest.mark.parametrize("form", [AUTONOMOUS_PASSWORD, POSTGRESQL_PASSWORD, SEARCH_PASSWORD])
def test_every_service_accepts_a_strong_password(form: PasswordForm) -> None:
    assert list(password_faults(form, STRONG)) == []


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("Short7pass", "must be between 12 and 30 characters long"),
        ("A1" + "b" * 29, "must be between 12 and 30 characters long"),
        ("lower-case-7", "must contain at least 1 uppercase character"),
        ("UPPER-CASE-7", "must contain at least 1 lowercase character"),
        ("No-digits-here", "must contain at least 1 numeric character"),
        ("No-digit²-here", "must contain at least 1 numeric character"),
        ('Quoted"pass-7', "must not contain '\"'"),
        ("SuperADMIN-77", "must not contain 'admin'"),
    ],
)
def test_a_wrong_password_of_an_autonomous_database_is_explained(password: str, fault: str) -> None:
    assert list(password_faults(AUTONOMOUS_PASSWORD, password)) == [fault]


def test_a_fault_never_shows_the_password() -> None:
    assert not any("zq" in fault for fault in password_faults(AUTONOMOUS_PASSWORD, "zq"))


def test_a_postgresql_shape_is_known_with_and_without_the_service_s_prefix() -> None:
    assert postgresql_shape("VM.Standard.E5.Flex") is postgresql_shape("PostgreSQL.VM.Standard.E5.Flex")
    assert postgresql_shape("PostgreSQL.VM.Standard.E4.Flex") is None


def test_every_postgresql_shape_is_listed_under_its_own_name() -> None:
    assert all(name == shape.name for name, shape in POSTGRESQL_SHAPES.items())


@pytest.mark.parametrize("name", ["1abc", "a-b", "", "a" * 31])
def test_a_database_name_is_a_letter_then_letters_and_digits(name: str) -> None:
    assert not re.fullmatch(AUTONOMOUS_NAME, name)


def test_the_most_shards_leave_room_for_one_node_each() -> None:
    assert CACHE_SHARDS[1] * CACHE_NODES[0] <= CACHE_NODES_IN_ALL < CACHE_SHARDS[1] * CACHE_NODES[1]
