"""The page of a command of the engine."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from sandbox.engine.words import Extent
from sandbox.engine_page import Page
from sandbox.home import Home
from tests.report import states

WRITTEN = """Updating (staging):
 +  oci:Core:Vcn vcn creating

Diagnostics:
  oci:Core:Vcn (vcn):
    error: 400-LimitExceeded

Outputs:
  - vcnId: "ocid1.vcn"

Resources:
    1 unchanged
"""


class Engine:
    """An engine that has written its output and ends. Each run logs the next of `logs`."""

    def __init__(
        self, folder: Path, status: int, written: str = WRITTEN, logs: Sequence[Sequence[object]] = ()
    ) -> None:
        self.home = Home(folder, folder)
        self._status = status
        self._written = written
        self._logs = [*logs]
        self.ran: list[list[str]] = []

    def run(self, words: list[str], *, output: Any, **_: object) -> int:
        self.ran.append(words)
        output.write(self._written.encode())
        if self._logs:
            lines = "".join(f"{json.dumps(each)}\n" for each in self._logs.pop(0))
            Path(words[words.index("--event-log") + 1]).write_text(lines, encoding="utf-8")
        return self._status


def page_of(engine: Engine, *words: str, extent: Extent = "short") -> Page:
    return Page(process=cast("Any", engine), arguments=words, stack="staging", locks=(), extent=extent)


@pytest.mark.parametrize(("status", "shown"), [(0, True), (1, False)])
def test_the_outputs_of_a_failed_run_are_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], status: int, shown: bool
) -> None:
    assert page_of(Engine(tmp_path, status), "up").run() == status
    said = capsys.readouterr().out
    assert ("Outputs:" in said) is shown
    assert "400-LimitExceeded" in said
    assert "1 unchanged" in said


def step(kind: str, op: str, old: states.State | None, new: states.State | None) -> dict[str, object]:
    urn = (old or new or {})["urn"]
    return {"sequence": 1, kind: {"metadata": {"op": op, "urn": urn, "old": old, "new": new}}}


def both(op: str, old: states.State | None, new: states.State | None) -> list[dict[str, object]]:
    return [step("resourcePreEvent", op, old, new), step("resOutputsEvent", op, old, new)]


SUCCEEDED = {"sequence": 9, "summaryEvent": {"result": "succeeded"}}
DRIFT = [
    step("resourcePreEvent", "refresh", states.bucket(), None),
    step("resOutputsEvent", "delete", states.bucket(), None),
    SUCCEEDED,
]
REFRESHING = """Previewing refresh (staging):
 -  oci:ObjectStorage:Bucket artifacts delete
Outputs:
    vcnId: "ocid1.vcn"

Resources:
    - 1 to delete

error: no changes were expected for refresh but changes were proposed
"""


def test_a_refresh_that_had_to_find_nothing_says_what_it_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = Engine(tmp_path, 7, REFRESHING, [DRIFT])
    assert page_of(engine, "refresh", "--preview-only", "--expect-no-changes").run() == 7
    said = capsys.readouterr().out
    assert "Deleted outside the stack" in said
    assert "DANGER: 1 lost" in said
    assert "vcnId" not in said
    assert "no changes were expected" in said
    assert "artifacts delete" not in said


IMPORTED = [*both("import", None, states.bucket()), SUCCEEDED]
OTHER = {**states.bucket(), "inputs": {"name": "artifacts", "versioning": "Enabled"}}


@pytest.mark.parametrize(
    ("preview", "said"),
    [
        ([step("resourcePreEvent", "same", states.bucket(), states.bucket())], "Nothing changes."),
        ([step("resourcePreEvent", "update", states.bucket(), OTHER)], "To update"),
        ([step("resourcePreEvent", "delete", states.bucket(), None)], "To delete"),
        ([step("resourcePreEvent", "same", states.vcn(), states.vcn())], "is not known"),
        ([], "is not known"),
    ],
)
def test_an_import_says_what_the_program_would_still_change(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], preview: list[object], said: str
) -> None:
    """Also if the preview after it fails: it then has the steps that it reached."""
    engine = Engine(tmp_path, 0, "Importing (staging):\nResources:\n", [IMPORTED, preview])
    page_of(engine, "import", "a", "b", "c", "--yes").run()
    shown = capsys.readouterr()
    assert "artifacts (bucket)" in shown.out.partition("Imported")[2]
    assert said in shown.out + shown.err.replace("\n", " ").replace("  ", " ")
    assert [each[0] for each in engine.ran] == ["import", "preview"]


@pytest.mark.parametrize(
    ("words", "extent", "log"),
    [
        (("import", "--preview-only"), "short", IMPORTED),
        (("import", "--yes"), "brief", IMPORTED),
        (("import", "--yes"), "short", [SUCCEEDED]),
    ],
)
def test_an_import_that_took_nothing_over_and_a_brief_one_run_no_preview(
    tmp_path: Path, words: tuple[str, ...], extent: Extent, log: list[object]
) -> None:
    engine = Engine(tmp_path, 0, "Importing (staging):\nResources:\n", [log])
    page_of(engine, *words, extent=extent).run()
    assert len(engine.ran) == 1
