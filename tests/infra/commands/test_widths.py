"""On a terminal of 80 columns no command cuts a word: a long line continues on the next one."""

import os
import pty
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from tests.support.own_commands import run_onto
from tools.system_tools import ROOT

CONTROL = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
WRONG = """config:
  genai-playground:tenancy: {region: us-ashburn-9, tenancyId: x, tags: {a b: "1"}, deployer: {access: nowhere at all}}
  genai-playground:network: {cidr: 10.0.0.0/33, dnsLabel: a-label-with-hyphens-and-more-letters}
"""


def on_terminal(words: Sequence[str], folder: Path = ROOT) -> list[str]:
    """The lines that a command shows on a terminal of 80 columns."""
    terminal, inside = pty.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "80"}
    with ThreadPoolExecutor(1) as reading:
        reader = reading.submit(lambda: b"".join(iter(partial(_read, terminal), b"")))
        run_onto(words, folder, environment, os.ttyname(inside), os.ttyname(inside))
        os.close(inside)
        shown = reader.result()
    os.close(terminal)
    text = CONTROL.sub("", shown.decode()).replace("\r\n", "\n")
    return [line.rsplit("\r", 1)[-1].rstrip() for line in text.splitlines()]


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


@pytest.mark.parametrize(
    "line",
    [
        "playground check prod",
        "playground check prod --real",
        "playground check stagin",
        "playground check broken",
        "playground plan prod",
        "playground plan deepseek-v3.2-exp",
        "playground plan llama-3.3-70b --gpus 1",
        "playground plan --rules",
        "playground new qa --from prod --offline --dry-run",
        "playground new QA --from staging",
        "playground cis prod",
        "playground cis staging",
        "playground size --model llama-3.3-70b --requests-per-minute 600 --prompt 1000 --answer 300 --ttft 1",
        "playground size --model llama-3.3-71b --requests-per-minute 0 --prompt 1000 --answer 300 --ttft 1",
        "playground report broken",
        "playground report dev",
        "sandbox cloud limits set gpu-mi300x-counts 8 --region us-ashburn-9",
        "sandbox login --local",
        "sandbox clod",
    ],
)
def test_no_word_is_cut(tmp_path: Path, line: str) -> None:
    for file in ("Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.staging.yaml", "Pulumi.prod.yaml"):
        (tmp_path / file).symlink_to(ROOT / file)
    (tmp_path / "Pulumi.broken.yaml").write_text(WRONG, encoding="utf-8")
    lines = on_terminal(line.split(), tmp_path)
    assert lines
    assert [each for each in lines if len(each) > 80 and " " in each.strip()] == []
