"""Runs every command of ours that a page or a message recommends, with a stack deployed on the sandbox."""

import json
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.commands import all_commands
from tests.support.own_commands import run_own
from tests.support.sandbox_project import Ran, SandboxProject
from tools.system_tools import BIN, ROOT

pytestmark = [pytest.mark.engine, pytest.mark.prove]

NO_COMMAND = {"sandbox …", "sandbox WORDS", "sandbox <any pulumi command>", "sandbox", "playground"}
"""Texts about a program in general, not about one command."""

NAMED = {
    "playground release",
    "playground call",
    "playground check",
    "playground cis",
    "playground comment",
    "playground import",
    "playground new",
    "playground plan",
    "playground preflight",
    "playground render",
    "playground report",
    "playground size",
    "playground pin-image",
    "playground summary",
    "playground tunnel",
    "playground upgrade",
    "sandbox cloud",
    "sandbox cloud age",
    "sandbox cloud autoscale",
    "sandbox cloud fault",
    "sandbox cloud fault add",
    "sandbox cloud reach",
    "sandbox cloud recover",
    "sandbox import",
    "sandbox preview",
    "sandbox stack import",
    "sandbox state",
}
"""Commands that a sentence names without their arguments. The test runs them with --help."""

FILLED = {
    "playground call STACK MODEL TEXT": "playground call staging qwen3-32b Hello",
    "playground release STACK MODEL ACTION": "playground release releases qwen3-32b promote",
    "playground release STACK MODEL status": "playground release releases qwen3-32b status",
    "playground release STACK MODEL abort": "playground release releases qwen3-32b abort",
    "playground check --json": "playground check staging --json",
    "playground cis STACK": "playground cis staging",
    "playground schema": "playground schema --check",
    "playground check HOLE --real": "playground check staging --real",
    "playground check HOLE": "playground check staging",
    "playground check NAME": "playground check staging",
    "playground check STACK": "playground check staging",
    "playground check STACK --real": "playground check staging --real",
    "playground import STACK": "playground import --help",
    "playground import STACK > import.json": "playground import --help",
    "playground upgrade --check OLD": "playground upgrade --check 0.1.0 --help",
    "playground upgrade --check old.json": "playground upgrade --check old.json --help",
    "sandbox preview --stack HOLE --event-log change.json": "sandbox preview --stack staging --event-log change.json",
    "sandbox up --stack HOLE": "sandbox up --stack staging",
    "sandbox up --stack NAME": "sandbox up --stack staging",
    "playground new NAME --from staging": "playground new copied --from staging --offline --dry-run",
    "playground pin-image STACK": "playground pin-image staging",
    "playground plan <name>": "playground plan qwen3-32b",
    "playground plan STACK": "playground plan staging",
    "playground preflight HOLE --json": "playground preflight staging",
    "playground report HOLE --preview change.json --resolve": "playground report --help",
    "playground preflight STACK": "playground preflight staging",
    "playground preflight STACK --json": "playground preflight staging",
    "playground preflight prod --json": "playground preflight staging",
    "playground report STACK": "playground report staging",
    "playground report STACK --limits FILE": "playground report --help",
    "playground report STACK --preview FILE --resolve": "playground report --help",
    "playground report prod --state state.json --limits limits.json": "playground report --help",
    "playground report prod --usage usage.json": "playground report --help",
    "playground report staging --preview change.json --html change.html": "playground report --help",
    "playground tunnel STACK": "playground tunnel staging",
    "sandbox cloud age BUCKET --days 31": "sandbox cloud age {bucket} --days 31",
    "sandbox cloud fault clear HOLE": "sandbox cloud fault clear {fault}",
    "sandbox cloud limits capacity HOLE HOLE": "sandbox cloud limits capacity BM.GPU.MI300X.8 10",
    "sandbox cloud limits set HOLE HOLE": "sandbox cloud limits set gpu-mi300x-count 16",
    "sandbox cloud limits unset HOLE": "sandbox cloud limits unset gpu-mi300x-count",
    "sandbox cloud reach FROM TO PORT": "sandbox cloud reach staging-system internet 443",
    "sandbox HOLE --stack HOLE": "sandbox stack output --stack staging",
    "sandbox import --file FILE": "sandbox import --help",
    "sandbox import oci:Core/vcn:Vcn NAME OCID": "sandbox import --help",
    "sandbox stack graph FILE": "sandbox stack graph --help",
    "sandbox cloud recover HOLE": "sandbox cloud recover {vault}",
    "sandbox cloud recover OCID": "sandbox cloud recover {vault}",
    "sandbox cloud show ID": "sandbox cloud show {vault}",
    "sandbox policy analyze --stack prod --policy-pack $PWD/policies/analyzer": "sandbox policy analyze --help",
    "sandbox preview --stack prod --policy-pack $PWD/policies/analyzer": "sandbox preview --help",
    "sandbox plugin install resource oci HOLE": "sandbox plugin install --help",
    "sandbox plugin install resource oci VERSION": "sandbox plugin install --help",
    "sandbox state unprotect URN": "sandbox state unprotect {urn}",
    "sandbox up --stack STACK": "sandbox up --stack staging",
}
"""Commands with placeholders, and the same commands with values. No test downloads a plugin. The policy pack on the
engine has tests of its own."""

ENDS_IN_ONE = {
    "playground upgrade --check 0.1.0": "would be replaced or deleted",
    "playground check staging --real": "REPLACE-ME",
    "playground call staging qwen3-32b Hello": "no answer",
    "playground release releases qwen3-32b promote --prometheus http://127.0.0.1:9090": "does not answer the query",
    "playground preflight staging": "no OCI credentials",
    "playground report staging --before main~20": "needs a git repository",
    "playground tunnel staging": "no tunnel",
}
"""Commands that fail here with this text: an account is missing, or the stack file has placeholders."""

SERVE = "sandbox serve"
"""Runs until a signal. It runs beside all other commands, for two regions, since a page names a second one."""
REGIONS = ("--region", "us-ashburn-1", "--region", "eu-frankfurt-1")

LAST = ("sandbox destroy", "sandbox cloud recover {vault}", "sandbox cloud reset")
ASKED = ("sandbox up", "sandbox refresh", "sandbox destroy", "sandbox state", "sandbox cloud reset")
"""Commands that ask before they act. The test answers yes."""

LIMIT = "sandbox cloud limits set gpu-mi300x-count 16"
"""Sets the limit that a later command removes."""


def commands_to_run() -> Iterator[str]:
    """The commands with their values. Those that end the stack are last."""
    texts = {" ".join((each.program, *each.words)) for each in all_commands()}
    ours = {text for text in texts if text.split()[0] in ("playground", "sandbox")} - NO_COMMAND
    typed = {f"{text} --help" if text in NAMED else FILLED.get(text, text) for text in ours}
    typed.add(FILLED["sandbox cloud recover OCID"])
    clearing = sorted((each for each in typed if re.search("limits unset|fault clear", each)), reverse=True)
    yield from sorted(typed - {*LAST, *clearing})
    yield from (LIMIT, *clearing, *LAST)


def test_no_placeholder_remains() -> None:
    capitals = [
        text
        for text in commands_to_run()
        if re.search(r"\b(HOLE|STACK|ID|OCID|URN|MODEL|VERSION|BUCKET)\b", text)
    ]
    assert capitals == []


def test_every_recommended_command_ends_as_expected(tmp_path: Path) -> None:
    project = _deployed(tmp_path / "project")
    vault = next(each["id"] for each in project.cloud() if each["type"] == "oci:Kms/vault:Vault")
    bucket = next(each["id"] for each in project.cloud() if each["type"] == "oci:ObjectStorage/bucket:Bucket")
    urn = next(each["urn"] for each in project.state() if each.get("id") == vault)
    added = project.sandbox("cloud", "fault", "add", "latency", "--seconds", "0", "--json").check()
    fault = json.loads(added.output)["id"]
    wrong = []
    for text in served(project):
        ran = _run(project, text.format(vault=vault, bucket=bucket, urn=urn, fault=fault).split())
        expected = ENDS_IN_ONE.get(text)
        right = ran.status == 0 if expected is None else ran.status == 1 and expected in ran.output
        if not right or "Traceback" in ran.output:
            wrong.append(f"{text}: {ran.status}\n{ran.output[-800:]}")
    assert not wrong, "\n\n".join(wrong)


def served(project: SandboxProject) -> Iterator[str]:
    """All commands but SERVE, which runs meanwhile and ends at an interrupt."""
    line = [str(BIN / "sandbox"), *SERVE.split()[1:], *REGIONS]
    with subprocess.Popen(
        line, cwd=project.folder, env=project.environment(), stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        try:
            assert [server.stdout.readline().split(" ")[0] for _ in REGIONS[::2]] == list(REGIONS[1::2])
            yield from (text for text in commands_to_run() if text != SERVE)
        finally:
            server.send_signal(signal.SIGINT)
        assert server.wait(60) == 0


def _deployed(folder: Path) -> SandboxProject:
    """Staging, deployed, with the stack files of prod and of two examples in the same folder."""
    project = SandboxProject.of_this_repository(folder)
    (folder / "Pulumi.prod.yaml").write_text((ROOT / "Pulumi.prod.yaml").read_text())
    for name in ("lustre-weights", "releases"):
        example = (ROOT / "examples" / f"{name}.yaml").read_text().replace("../docs", "docs")
        (folder / f"Pulumi.{name}.yaml").write_text(example)
    project.up().check()
    return project


def _run(project: SandboxProject, words: list[str]) -> Ran:
    asked = " ".join(words).startswith(ASKED) and "--help" not in words
    done = run_own([*words, *(["--yes"] if asked else [])], project.folder, project.environment())
    return Ran(done.returncode, done.stdout + done.stderr)
