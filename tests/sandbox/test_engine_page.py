"""The page of a command of the engine."""

from pathlib import Path
from typing import Any, cast

import pytest

from sandbox.engine_page import Page

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
    """An engine that has written its output and ends."""

    def __init__(self, folder: Path, status: int) -> None:
        self.home = type("Home", (), {"folder": folder})()
        self._status = status

    def run(self, _words: object, *, output: Any, **_: object) -> int:
        output.write(WRITTEN.encode())
        return self._status


@pytest.mark.parametrize(("status", "shown"), [(0, True), (1, False)])
def test_the_outputs_of_a_failed_run_are_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], status: int, shown: bool
) -> None:
    page = Page(process=cast("Any", Engine(tmp_path, status)), arguments=["up"], stack="staging", locks=())
    assert page.run() == status
    said = capsys.readouterr().out
    assert ("Outputs:" in said) is shown
    assert "400-LimitExceeded" in said
    assert "1 unchanged" in said
