"""`make traffic` runs the path of a stack, prints a command line that works, and says at the end what happened."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from facts.problem import InvalidInput
from tests.support.processes import descendants, ends
from tests.support.sandbox_project import ROOT
from tests.support.system_tools import tool
from tests.traffic.live import stack, tally
from tests.traffic.parts.fleet import wait_for


@dataclass
class Run:
    """A running `make traffic`, without make."""

    process: "subprocess.Popen[bytes]"
    output: Path

    def said(self) -> str:
        return self.output.read_text()

    def call(self, change: tuple[str, str] = ("", "")) -> str:
        """Run the command line that it printed."""
        said = self.said()
        assert "curl " in said, f"it printed no command line, and ended with {self.process.poll()}:\n{said}"
        line = said[said.index("curl ") :].partition("\n\n")[0]
        done = subprocess.run(
            ["bash", "-e", "-c", line.replace(*change)], capture_output=True, text=True, check=True
        )
        return done.stdout


@contextmanager
def running(name: str, folder: Path) -> Iterator[Run]:
    output = folder / f"{name}.txt"
    command = [sys.executable, "-m", "tests.traffic.live", name]
    with output.open("wb") as file:
        process = subprocess.Popen(command, cwd=ROOT, stdout=file, stderr=file)
    made = Run(process, output)
    try:
        yield made
    finally:
        process.kill()
        process.wait()


@pytest.mark.prove
@pytest.mark.gateway
@pytest.mark.rate_limit
def test_two_stacks_run_at_once_and_their_pages_say_what_happened(tmp_path: Path) -> None:
    tool("curl")
    with running("staging", tmp_path) as staging, running("prod", tmp_path) as prod:
        for each in (staging, prod):
            wait_for(
                lambda each=each: "Ctrl-C ends it" in each.said() or each.process.poll() is not None, 300
            )
            assert "data: [DONE]" in each.call(), each.said()
        assert "failed" in staging.call(("Bearer ", "Bearer wrong-"))
        assert staging.call(("chat/completions", "chat/../../pause"))
        key = re.search(r"^sk-\S+$", staging.said(), re.MULTILINE)
        assert key
        assert key[0] not in prod.said()
        children = [pid for each in (staging, prod) for pid in descendants(each.process.pid)]
        for each in (staging, prod):
            each.process.send_signal(signal.SIGINT)
            assert each.process.wait(120) == 0
        assert all(ends(pid) for pid in children)
        pages = [each.said().partition("Ctrl-C ends it")[2] for each in (staging, prod)]
    assert re.search(r"research +. +qwen3-32b +. +200 . +1 . +33 ", pages[0]), pages[0]
    assert re.search(r"- +. +401 . +1 . no key, or a wrong one", pages[0])
    assert re.search(r"- +. +404 . +1 . a path that is not offered", pages[0])
    assert re.search(r"assistant +. +qwen3-32b +. +200 . +1 ", pages[1])
    assert "Refused" not in pages[1]
    assert max(len(line) for page in pages for line in page.splitlines()) <= tally.WIDTH


@pytest.mark.parametrize("name", ["staging", "prod"])
def test_each_run_has_new_keys_and_the_limits_of_the_stack(name: str) -> None:
    first, second = stack.read(name), stack.read(name)
    assert first.counted
    assert first.keys.keys() == second.keys.keys()
    assert not {*first.keys.values()} & {*second.keys.values()}


@pytest.mark.parametrize(
    ("name", "why"), [("dev", r"traffic\.tenants.* must be set"), ("nowhere", "nowhere")]
)
def test_a_stack_without_tenants_or_without_a_file_gets_a_sentence(name: str, why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        stack.read(name)


def test_refusals_of_a_log_get_their_reason(tmp_path: Path) -> None:
    file = tmp_path / "access.log"
    line = (
        '{"tenant": null, "model": null, "status": %s, "tokens": null, "milliseconds": 3, "details": "%s"}\n'
    )
    file.write_text(line % (404, "direct_response") + line % (404, "lua_response") + line % (429, "x"))
    whys = [each.why for each in tally.read(file)]
    assert whys == [tally.MODEL, tally.PATH, tally.REASONS[429]]
