"""The commands of `playground`: what they print, and their exit codes."""

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from oci.exceptions import ConnectTimeout  # pyright: ignore[reportMissingTypeStubs]

from infra.commands.cli import COMMANDS, main
from infra.commands.common import say
from infra.project.stackfile import PROJECT, ROOT
from tests.infra.settings.examples import Change, config


def invoke(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(main, list(arguments), input=text)


def file_with(folder: Path, *changes: Change) -> str:
    path = folder / "Pulumi.test.yaml"
    sections = {f"{PROJECT}:{name}": content for name, content in config(*changes).items()}
    path.write_text(yaml.safe_dump({"config": sections}), encoding="utf-8")
    return str(path)


@pytest.fixture(autouse=True)
def _no_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str):
    found = invoke(command, "--help")
    assert found.exit_code == 0
    assert COMMANDS[command][1].split(" STACK")[0].split(".")[0].split(" ")[0] in found.output


def test_the_group_lists_every_command():
    output = invoke("--help").output
    assert all(command in output for command in COMMANDS)


@pytest.mark.parametrize("command", ["check", "plan", "report", "preflight", "tunnel"])
def test_a_missing_stack_is_wrong_usage_and_lists_the_existing_stacks(command: str):
    found = invoke(command, "stagin")
    assert found.exit_code == 2
    assert "Stacks here: dev, prod, staging" in found.output


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_the_projects_own_stacks_have_no_problems(stack: str):
    found = invoke("check", stack)
    assert found.exit_code == 0
    assert "placeholders, which a real `pulumi up` refuses" in found.output


def test_a_misspelt_command_is_wrong_usage_and_gets_a_suggestion():
    found = invoke("chek", "staging")
    assert found.exit_code == 2
    assert "No such command 'chek'. Did you mean `check`?" in found.output
    assert "No such command 'zzz'." in invoke("zzz").output


@pytest.mark.parametrize(
    "command", [("report", "dev"), ("check", "x", "--config-file", "examples/lustre-weights.yaml")]
)
def test_a_wrong_price_file_names_the_variable_and_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
):
    wrong = tmp_path / "prices.yaml"
    wrong.write_text("currency: ZZ\nitems: {foo: {amount: .5}}\n")
    monkeypatch.setenv("PLAYGROUND_PRICES", str(wrong))
    monkeypatch.chdir(ROOT)
    found = invoke(*command)
    assert found.exit_code == 1
    assert "PLAYGROUND_PRICES: " in found.output
    assert str(wrong) in found.output
    assert "items.foo" in found.output


@pytest.mark.parametrize("name", ["PLAYGROUND_PRICE", "PLAYGROUND_PRICE_S", "PLAYGROUND_PRIZES"])
def test_a_misspelt_variable_is_refused(name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(name, "prices.yaml")
    monkeypatch.chdir(ROOT)
    found = invoke("report", "dev")
    assert found.exit_code == 1
    assert (
        f"{name}: 'prices.yaml'; is not a known variable. Did you mean `PLAYGROUND_PRICES`?" in found.output
    )


def test_placeholders_are_one_line_with_a_count():
    lines = [line for line in invoke("check", "prod").output.splitlines() if "placeholder" in line]
    assert len(lines) == 1
    assert lines[0].endswith("`playground check prod --real` lists them")


def test_a_placeholder_is_a_problem_for_a_real_up_and_says_where_to_find_its_value():
    found = invoke("check", "staging", "--real", "--json")
    assert found.exit_code == 1
    fixes = {each["path"]: each["fix"] for each in json.loads(found.output)["problems"]}
    assert "oci iam compartment list" in fixes["tenancy.compartmentId"]
    assert "playground pin-image" in fixes["serving.imageDigest"]


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_every_placeholder_of_the_stacks_says_where_to_find_its_value(stack: str):
    problems = json.loads(invoke("check", stack, "--real", "--json").output)["problems"]
    assert problems
    assert [each["path"] for each in problems if "Only you know" in each["fix"]] == []


def test_problems_are_listed_with_exit_code_one(tmp_path: Path):
    file = file_with(tmp_path, ("gpu.pools.0.nodes", 0), ("network.cidr", "10.0.0.0/33"))
    found = invoke("check", "test", "--config-file", file)
    assert found.exit_code == 1
    assert "gpu.pools[0].nodes: 0; must be 1 or more" in found.output
    assert "network.cidr" in found.output


def test_problems_as_json_have_path_value_allowed_and_fix(tmp_path: Path):
    found = invoke("check", "test", "--json", "--config-file", file_with(tmp_path, ("gpu.pools.0.node", 1)))
    report = json.loads(found.output)
    assert report["ok"] is False
    assert report["problems"] == [
        {
            "path": "gpu.pools[0].node",
            "value": "unknown",
            "allowed": "is not a known key",
            "fix": "Did you mean `nodes`?",
        }
    ]


def test_the_plan_says_what_fits():
    found = invoke("plan", "staging")
    assert found.exit_code == 0
    assert "qwen3-32b" in found.output
    assert "1 of 8 GPUs used, 7 free" in found.output


def test_the_plan_as_json_has_camel_case_keys():
    (row,) = json.loads(invoke("plan", "staging", "--json").output)
    assert row["fits"] is True
    assert row["kvBytesPerToken"] == 262144


def test_the_plan_of_wrong_settings_is_their_problems(tmp_path: Path):
    found = invoke("plan", "test", "--config-file", file_with(tmp_path, ("serving.models.0.gpus", 3)))
    assert found.exit_code == 1
    assert "serving.models[0].gpus" in found.output


EXPORT = {
    "deployment": {
        "resources": [
            {
                "urn": "urn:pulumi:staging::genai-playground::oci:Core/vcn:Vcn::net-vcn",
                "type": "oci:Core/vcn:Vcn",
                "custom": True,
                "inputs": {},
                "outputs": {},
            }
        ]
    }
}


def test_the_summary_reads_an_export_from_standard_input():
    found = invoke("summary", "staging", "--changes", '{"same": 1}', text=json.dumps(EXPORT))
    assert found.exit_code == 0
    assert "nothing changed" in found.output
    assert "make down STACK=staging" in found.output


def test_the_next_steps_can_be_run_as_printed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "/nowhere")
    found = invoke("summary", "prod", "--json", text=json.dumps(EXPORT))
    commands = [step["command"] for step in json.loads(found.output)["next"]]
    assert ".venv/bin/sandbox cloud list" in commands, "a new user's PATH does not contain the environment"
    assert "make down STACK=prod" in commands, "without the stack's name it would destroy staging"


def test_the_next_steps_of_a_protected_stack_allow_the_deletion():
    (vcn,) = EXPORT["deployment"]["resources"]
    export = {"deployment": {"resources": [vcn | {"protect": True}]}}
    found = invoke("summary", "prod", "--json", text=json.dumps(export))
    commands = [step["command"] for step in json.loads(found.output)["next"]]
    assert "make down STACK=prod UNPROTECT=1" in commands, "without UNPROTECT it would be refused"


def test_the_summary_as_json_counts_layers():
    found = json.loads(invoke("summary", "staging", "--json", text=json.dumps(EXPORT)).output)
    assert [(layer["noun"], layer["count"]) for layer in found["layers"]] == [("network", 1)]


def test_an_export_that_is_not_json_is_wrong_usage():
    assert invoke("summary", "staging", text="<html>").exit_code == 2


@pytest.fixture
def tunnel_options(tmp_path: Path) -> list[str]:
    outputs = tmp_path / "outputs.json"
    outputs.write_text(
        '{"bastionId": "ocid1.bastion.oc1.iad.x", "clusterEndpoint": "10.0.0.5:6443"}', encoding="utf-8"
    )
    (tmp_path / "id.pub").write_text("ssh-rsa AAAA", encoding="utf-8")
    return ["--outputs", str(outputs), "--public-key", str(tmp_path / "id.pub")]


@pytest.mark.parametrize("command", ["preflight", "tunnel"])
def test_without_credentials_the_account_commands_say_so(command: str, tunnel_options: list[str]):
    found = invoke(command, "staging", *(tunnel_options if command == "tunnel" else []))
    assert found.exit_code == 1
    assert "no OCI credentials (auth ApiKey, profile DEFAULT)" in found.output
    assert "oci setup config" in found.output


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("preflight", "preflight failed: timed out"),
        ("tunnel", "no tunnel: timed out"),
        ("import", "the account could not be read: timed out"),
    ],
)
def test_an_account_that_does_not_answer_in_time_ends_with_a_message(
    command: str, says: str, tunnel_options: list[str], monkeypatch: pytest.MonkeyPatch
):
    def no_answer(_: object) -> None:
        raise ConnectTimeout("timed out")

    monkeypatch.setenv("SANDBOX_ENDPOINT", "http://127.0.0.1:9")
    for module in ("infra.commands.account", "infra.account.estate"):
        monkeypatch.setattr(f"{module}.log_in", no_answer)
    found = invoke(command, "staging", *(tunnel_options if command == "tunnel" else []))
    assert (found.exit_code, found.output) == (1, f"{says}\n")


def test_a_tunnel_needs_a_deployed_stack(tmp_path: Path):
    found = invoke("tunnel", "staging", "--outputs", "-", text="{}")
    assert found.exit_code == 1
    assert "the stack has no bastion" in found.output


def test_schema_checks_without_writing():
    found = invoke("schema", "--check")
    assert (found.exit_code, found.output) == (0, "")


def test_on_a_narrow_terminal_lines_wrap_between_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    problem = (
        "serving.models[0].model: 'llama'; meta-llama/Llama-3.3-70B-Instruct is gated: the hub asks for one. "
    )
    say(problem * 3, 2)
    shown = capsys.readouterr().out
    assert all(len(line) <= 80 for line in shown.splitlines())
    assert shown.split() == (problem * 3).split(), "no word is split or lost"
    monkeypatch.setattr("sys.stdout.isatty", lambda: False)
    say(problem * 3, 2)
    assert capsys.readouterr().out.count("\n") == 1, "a program reads one line for each problem"
