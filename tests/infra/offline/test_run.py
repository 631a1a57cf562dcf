"""A run without an engine leaves the process as it was."""

import sys

import pulumi
import pytest

from infra.offline.run import run_offline
from infra.project.stackfile import StackFile


def test_tracebacks_are_complete_after_a_refused_run():
    with pytest.raises(pulumi.RunError):
        run_offline(StackFile({}, frozenset(), "Pulumi.test.yaml"), "test")
    assert getattr(sys, "tracebacklimit", None) is None
