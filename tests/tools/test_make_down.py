"""`make down`: pending deletions of the stack, and imported resources."""

import pytest

from tools import make_down
from tools.make_down import imported, pending_of

KEY = "oci:Kms/key:Key"


def test_pending_deletions_of_another_stack_are_not_counted() -> None:
    urns = [f"urn:pulumi:{stack}::p::{KEY}::k" for stack in ("staging", "staging-2", "prod", "prod")]
    assert [each["urn"] for each in pending_of("staging", [{"urn": urn} for urn in urns])] == urns[:1]


def test_resources_outside_components_were_imported_and_must_be_unprotected_first() -> None:
    made = f"urn:pulumi:prod::p::genai:index:EncryptionKey${KEY}::made"
    adopted = f"urn:pulumi:prod::p::{KEY}::adopted"
    assert imported([{"urn": made}, {"urn": adopted}]) == [adopted]


def test_what_stays_in_the_tenancy_is_known_before_the_destroy(monkeypatch: pytest.MonkeyPatch) -> None:
    token = "oci:CloudGuard/cloudGuardConfiguration:CloudGuardConfiguration"
    export = {"deployment": {"resources": [{"urn": f"urn:pulumi:prod::p::{token}::guard", "type": token}]}}
    monkeypatch.setattr(make_down, "answer", lambda *_: export)
    (said,) = make_down.left_in_tenancy("prod")
    assert said.startswith("Cloud Guard stays enabled")
