"""What is shown while the engine works."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.progress import Progress

VCN = "urn:pulumi:s::p::genai:index:VirtualNetwork$oci:Core/vcn:Vcn::vcn"
COMPONENT = "urn:pulumi:s::p::genai:index:VirtualNetwork::network"
CLAIM = "urn:pulumi:s::p::kubernetes:core/v1:PersistentVolumeClaim::claim"


def event(kind: str, urn: str) -> str:
    return json.dumps({"sequence": 1, kind: {"metadata": {"op": "create", "urn": urn}}}) + "\n"


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Progress]:
    """A progress of an update, with a clock that a test sets."""
    file = tmp_path / "events.json"

    def make(*lines: str, terminal: bool, now: list[float]) -> Progress:
        file.write_text("".join(lines))
        return Progress(file, "updating", done=True, terminal=terminal, clock=lambda: now[0])

    return make


def test_a_terminal_shows_one_line_that_is_replaced(
    made: Callable[..., Progress], capsys: pytest.CaptureFixture[str]
) -> None:
    ended = [event("resOutputsEvent", urn) for urn in (VCN, COMPONENT, CLAIM)]
    progress = made(event("resourcePreEvent", VCN), *ended, terminal=True, now=[0])
    progress.tick()
    progress.end()
    shown = capsys.readouterr().err
    assert "updating: 2 resources after 0 s (network 1, serving 1)" in shown
    assert "\n" not in shown
    assert shown.endswith("\r"), "nothing of the line is left"


def test_a_pipe_gets_a_line_now_and_then_and_counts_whole_lines_once(
    made: Callable[..., Progress], capsys: pytest.CaptureFixture[str]
) -> None:
    now = [0.0]
    line = event("resOutputsEvent", VCN)
    progress = made(line, line[:60], terminal=False, now=now)
    for second in range(40):
        now[0] = float(second)
        progress.tick()
    told = capsys.readouterr().err.splitlines()
    assert [each.split(" after ")[1].split(" (")[0] for each in told] == ["10 s", "15 s", "23 s", "34 s"]
    assert all(": 1 resource after" in each for each in told)


def test_the_update_after_a_preview_is_counted_from_zero_and_a_waiting_provider_is_heard_once(
    made: Callable[..., Progress], capsys: pytest.CaptureFixture[str]
) -> None:
    said = {"message": "grants: waiting 2 s<{%reset%}>\n", "severity": "info", "ephemeral": True}
    waits = json.dumps({"sequence": 4, "diagnosticEvent": said}) + "\n"
    begun = json.dumps({"sequence": 3, "preludeEvent": {"config": {}}}) + "\n"
    progress = made(event("resOutputsEvent", VCN), begun, waits, waits, terminal=False, now=[99])
    progress.end()
    progress._next = 0
    progress.tick()
    assert capsys.readouterr().err.splitlines() == [
        "sandbox: grants: waiting 2 s",
        "sandbox: updating: 0 resources after 0 s",
    ]
