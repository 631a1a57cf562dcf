"""A preview says what stays in the tenancy when it is deleted from the stack."""

import pytest

from report.changes import changes_of
from report.danger import dangers_of
from report.staying import STAYING
from tests.report import states


@pytest.mark.parametrize("token", sorted(STAYING))
def test_only_what_is_deleted_stays(token: str) -> None:
    settings = states.state(token, "settings", {"compartmentId": "t"})
    (danger,) = dangers_of(changes_of({"steps": [states.step("delete", settings)]}))
    assert danger.kind == "kept"
    assert f"deleted from the stack only: {STAYING[token]}" in danger.sentence
    replaced = states.step("replace", settings, settings)
    assert dangers_of(changes_of({"steps": [replaced]})) == [], "the new one sets it again"
