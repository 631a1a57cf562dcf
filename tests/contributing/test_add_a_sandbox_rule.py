"""Following "How to add a sandbox rule" adds a rule. A command reports each missing step."""

from pathlib import Path

import pytest

from tests.contributing.dry_run import DryRun

pytestmark = pytest.mark.prove

RULE = '''"""Email Delivery: approved senders."""

import re
from typing import Final

from sandbox.oci.errors import invalid_parameter
from sandbox.oci.rules import Call, rule

SENDER: Final = "oci:Email/sender:Sender"


@rule(SENDER)
def sender_has_an_address(call: Call) -> None:
    """400: the sender is an e-mail address."""
    address = str(call.inputs.get("emailAddress"))
    if not re.fullmatch(r"[^@\\s]+@[^@\\s]+\\.[^@\\s]+", address):
        raise invalid_parameter(f"The email address {address!r} is invalid.")
'''

TEST = '''"""What Email Delivery refuses."""

from collections.abc import Callable

from tests.sandbox.oci.conftest import Service

SENDER = "oci:Email/sender:Sender"


def test_a_sender_without_an_address_is_refused(service: Service, refused: Callable[..., None]) -> None:
    refused(400, "InvalidParameter", "'nobody'", service.create, SENDER, emailAddress="nobody")


def test_a_sender_with_an_address_is_taken(service: Service) -> None:
    assert service.create(SENDER, emailAddress="a@example.com").id
'''

TESTED = ".venv/bin/python -m pytest tests/sandbox/oci/services/test_email.py"


def test_following_the_page_adds_a_rule_and_each_missing_step_is_reported(tmp_path: Path):
    copy = DryRun.of("How to add a sandbox rule", tmp_path)
    copy.write("tests/sandbox/oci/services/test_email.py", TEST)
    assert "test_a_sender_without_an_address_is_refused" in copy.fails(TESTED)
    copy.write("sandbox/oci/services/email.py", RULE)
    copy.passes(TESTED)
