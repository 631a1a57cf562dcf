"""The SDK's block of docs/wire.md runs as it stands."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.home import Home
from sandbox.oci.operations import Operations
from sandbox.store import open_store
from sandbox.wire.variables import variables
from tests.sandbox.wire.conftest import Servers

PAGE = Path(__file__).parents[2] / "docs" / "wire.md"


def test_the_python_of_the_page_runs(tmp_path: Path) -> None:
    (block,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    with open_store(tmp_path / "cloud.db") as store:
        servers = Servers(Home(tmp_path, tmp_path), Operations(store))
        try:
            wire = servers.start()
            own = variables(wire.endpoint, wire.endpoint, wire.profile, wire.region)
            done = subprocess.run(
                [sys.executable, "-c", block],
                env={**os.environ, **own},
                capture_output=True,
                text=True,
                check=False,
            )
        finally:
            servers.stop()
    assert done.returncode == 0, done.stderr
    assert done.stdout == "hello\n"


def test_the_terraform_block_says_that_no_test_runs_it() -> None:
    text = " ".join(PAGE.read_text().split("```hcl")[0].split("## Terraform")[1].split())
    assert "No test runs this block" in text


@pytest.mark.parametrize("word", ["sandbox serve", "sandbox env", "--verify"])
def test_the_page_names_what_it_explains(word: str) -> None:
    assert word in PAGE.read_text()
