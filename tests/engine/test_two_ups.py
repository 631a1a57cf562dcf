"""Two `up`s of one stack at once: the second waits for the first, and each says what it did itself."""

import re
from pathlib import Path

import pytest

from tests.engine.test_up_asks import PROGRAM
from tests.support.sandbox_project import Ran, SandboxProject

pytestmark = pytest.mark.engine

UP = ("up", "--yes", "--skip-preview", "--stack", "staging")


def counts(ran: Ran) -> dict[str, int]:
    """The engine's counts of a run, for example `{"created": 3}`."""
    told = ran.output[ran.output.rindex("Resources:") :]
    return {
        what: int(number) for number, what in re.findall(r"(\d+) (created|updated|deleted|unchanged)", told)
    }


def test_each_of_two_ups_at_once_says_what_it_did(tmp_path: Path) -> None:
    project = SandboxProject.with_program(tmp_path / "project", PROGRAM.replace("LABEL", "one"))
    running = [project.start(*UP), project.start(*UP)]
    said = [process.communicate(timeout=300)[0] for process in running]
    ended = [Ran(process.returncode, text).check() for process, text in zip(running, said, strict=True)]
    first, second = sorted(ended, key=lambda ran: "unchanged" in counts(ran))
    assert set(counts(first)) == {"created"}
    assert counts(second) == {"unchanged": counts(first)["created"]}
    assert "another sandbox command is running: waiting for it" in second.output
    assert len(project.cloud()) == len({each["id"] for each in project.cloud()})
    buckets = [each for each in project.cloud() if each["type"] == "oci:ObjectStorage/bucket:Bucket"]
    assert len(buckets) == 1, "nothing is there twice"
