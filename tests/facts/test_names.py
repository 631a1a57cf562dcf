"""Names and texts that OCI, Kubernetes and the operating system accept."""

import pytest

from facts.names import LONGEST_ARGUMENT, carried_problem


def test_a_process_can_start_with_any_text_of_the_longest_size():
    assert carried_problem("ü" * (LONGEST_ARGUMENT // 2)) is None


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("a\0b", "must not contain the character NUL"),
        ("\ud800", "must contain only characters that UTF-8 can encode"),
        ("ü" * (LONGEST_ARGUMENT // 2 + 1), "must be 131,071 bytes or fewer, not 131,072"),
    ],
)
def test_a_text_that_no_process_can_start_with_is_refused(text: str, allowed: str):
    assert carried_problem(text) == allowed
