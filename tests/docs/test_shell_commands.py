"""Runs the shell commands that a page, a message or the summary recommends."""

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from components.database.cache_rules import PASSWORD
from report.calling import gateway_call, model_calls
from tests.docs.commands import CHECKED, ELSEWHERE, PAGES, RUN, all_commands
from tests.support.listening import listening
from tests.support.sandbox_project import ROOT
from tests.support.system_tools import tool

FILLED = {
    "cd components/governance/daily_cost": f"cd {ROOT}/components/governance/daily_cost; test -f func.yaml",
    "cd components/cluster/pool_hours": f"cd {ROOT}/components/cluster/pool_hours; test -f func.yaml",
    "cd ../your-program": "mkdir ../your-program; cd ../your-program",
    "export AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=…": "export AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b",
    "export PULUMI_CONFIG_PASSPHRASE_FILE=…": "export PULUMI_CONFIG_PASSPHRASE_FILE=file",
    "git clone <this repository>": f"git clone --quiet --depth 1 file://{ROOT} clone; test -f clone/Makefile",
    "git apply step.diff": (
        r"echo old > a; printf -- '--- a/a\n+++ b/a\n@@ -1 +1 @@\n-old\n+new\n' > step.diff; "
        "git apply step.diff; grep new a"
    ),
    "git status": f"git -C {ROOT} status --short",
    r"sed s|\.\./docs|docs| examples/lustre-weights.yaml": (
        rf"sed 's|\.\./docs|docs|' {ROOT}/examples/lustre-weights.yaml | grep 'schema=docs/schema'"
    ),
    "ssh-keygen -t rsa -b 4096": "ssh-keygen -q -t rsa -b 4096 -N '' -f key; test -f key.pub",
}
"""Command lines with values for what the reader fills in."""

OTHERWISE = {
    "curl --silent --get http://127.0.0.1:9090/api/v1/query --data-urlencode time=$until --data-urlencode query=$1": (
        "needs a Prometheus; tests/report/costs/test_tenants.py compares the queries with its metrics"
    ),
    "eval $(.venv/bin/sandbox env)": "needs a server: tests/sandbox/wire/test_serve.py runs it beside one",
    "eval $(sandbox env)": "needs a server: tests/sandbox/wire/test_serve.py runs it beside one",
    "sed": "a sentence names only the program",
}

SHELLS = frozenset({"cd", "eval", "export"})
"""Commands of the shell itself."""


def recommended() -> set[str]:
    return {" ".join((each.program, *each.words)) for each in all_commands() if each.program in RUN}


def run(line: str, folder: Path) -> str:
    done = subprocess.run(["bash", "-e", "-c", line], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("text", sorted(recommended() - OTHERWISE.keys()))
def test_a_recommended_shell_command_runs(text: str, tmp_path: Path) -> None:
    program = text.split(maxsplit=1)[0]
    if program not in SHELLS:
        tool(program)
    folder = tmp_path / "here"
    folder.mkdir()
    said = run(FILLED.get(text, text), folder)
    if program == "openssl":
        assert PASSWORD[0] <= len(said) <= PASSWORD[1], (
            "the rule that recommends the command accepts its answer"
        )


def test_no_command_is_listed_that_nothing_recommends() -> None:
    assert {*FILLED, *OTHERWISE} <= recommended()


def test_every_program_in_a_shell_block_of_a_page_is_known() -> None:
    blocks = [
        block
        for page in PAGES
        for block in re.findall(r"```(?:sh|bash)\n(.*?)```", page.read_text(), re.DOTALL)
    ]
    lines = [line.strip() for block in blocks for line in re.sub(r"\\\n", " ", block).splitlines()]
    first = {Path(line.split()[0]).name for line in lines if line and not line.startswith("#")}
    assert first
    assert first <= {*CHECKED, *RUN, *ELSEWHERE}


@contextmanager
def model(asked: list[object]) -> Iterator[int]:
    """A server that keeps each request. Yields its port."""

    class Chat(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked.append((self.path, self.headers["Content-Type"], json.loads(body)))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"answered")

        def do_GET(self) -> None:
            asked.append((self.path, self.headers["Host"], self.headers["Authorization"]))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"listed")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = HTTPServer(("127.0.0.1", 0), Chat)
    with listening(server):
        yield server.server_port


def test_the_curl_command_of_the_summary_calls_a_model(tmp_path: Path) -> None:
    tool("curl")
    asked: list[object] = []
    with model(asked) as port:
        (call,) = model_calls({"modelEndpoints": {"qwen": f"http://qwen.serving.svc:{port}/v1"}})
        assert run(call.curl, tmp_path) == "answered"
    body = {"model": "qwen", "messages": [{"role": "user", "content": "Hello"}]}
    assert asked == [("/v1/chat/completions", "application/json", body)]


def test_the_curl_command_of_the_summary_calls_the_gateway(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool("curl")
    monkeypatch.setenv("KEY", "sk-tenant")
    asked: list[object] = []
    with model(asked) as port:
        url = f"http://models-gateway.envoy.svc.cluster.local:{port}"
        call = gateway_call({"modelGateway": {"url": url, "hostName": "models.example.com"}})
        assert call is not None
        assert run(call.curl, tmp_path) == "listed"
    assert asked == [("/v1/models", f"models.example.com:{port}", "Bearer sk-tenant")]
