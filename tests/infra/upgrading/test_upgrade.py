"""`playground upgrade`: what the current program would replace or delete of an older state."""

import json
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from infra.commands import upgrade as command
from infra.commands.cli import main
from infra.offline.run import run_offline
from infra.project.stackfile import ROOT, read_stack_file
from infra.settings.reading.prefixes import PROJECT
from infra.upgrading.losses import losses
from infra.upgrading.over_state import run_over
from infra.upgrading.releases import releases, saved_stacks
from infra.upgrading.state import read_state

STACK = "dev"
Row = dict[str, Any]

ACCEPTED: Mapping[str, frozenset[str]] = {
    "0.1.0/prod": frozenset(
        {
            "prod-autoscaler-access-policy",
            "prod-qwen3-32b-benchmark-script",
            "prod-claims-class",
            "prod-groups-api-kubernetes-api-from-the-bastion",
        }
    ),
    "0.1.0/staging": frozenset(
        {
            "staging-bastion-bastion",
            "staging-claims-class",
            "staging-groups-api-kubernetes-api-from-the-allowed-cidrs-10-0-0-0-28",
        }
    ),
}
"""Resources of a release that a later version replaces or deletes on purpose. None contains data."""


def invoke(*words: str) -> Result:
    return CliRunner().invoke(main, ["upgrade", *words])


@cache
def _rows(stack: str) -> str:
    """The state that the current program would leave, as an export."""
    found = run_offline(read_stack_file(stack), stack).resources
    rows = [
        {
            "urn": each.urn,
            "type": each.type,
            "custom": each.custom,
            "id": each.id,
            "inputs": each.inputs,
            "outputs": each.outputs if each.custom else {},
        }
        for each in found
    ]
    return json.dumps({"version": 3, "deployment": {"resources": rows}})


def export(change: Callable[[list[Row]], None] | None = None, stack: str = STACK) -> str:
    content = json.loads(_rows(stack))
    if change:
        change(content["deployment"]["resources"])
    return json.dumps(content)


def row(rows: list[Row], name: str) -> Row:
    return next(each for each in rows if each["urn"].endswith(f"::{name}"))


def lost(text: str) -> dict[str, tuple[str, str]]:
    state = read_state(text, "state.json")
    found = losses(state, *run_over(state, read_stack_file(state.stack)))
    return {each.urn.rsplit("::", 1)[-1]: (each.operation, each.why) for each in found}


def test_the_same_program_loses_nothing() -> None:
    assert lost(export()) == {}


def test_a_resource_that_the_program_no_longer_has_is_deleted() -> None:
    def add(rows: list[Row]) -> None:
        old = deepcopy(row(rows, "dev-network-vcn"))
        old["urn"] = old["urn"].replace("dev-network-vcn", "dev-old-vcn")
        rows.append(old)

    assert lost(export(add)) == {"dev-old-vcn": ("delete", "no resource has this URN, not even by an alias")}


def test_a_renamed_resource_is_a_deletion_and_not_a_replacement() -> None:
    def rename(rows: list[Row]) -> None:
        vcn = row(rows, "dev-network-vcn")
        rows[:] = json.loads(json.dumps(rows).replace(vcn["id"], "ocid1.vcn.oc1.iad.real"))
        vcn = row(rows, "dev-network-vcn")
        vcn["urn"] = vcn["urn"].replace("dev-network-vcn", "dev-net-vcn")

    found = lost(export(rename))
    assert found["dev-net-vcn"][0] == "delete"
    assert found["dev-network-private"] == ("replace", "changes vcnId, which replaces it"), (
        "it is in the new network"
    )


def test_a_changed_input_that_the_provider_cannot_update_replaces() -> None:
    def change(rows: list[Row]) -> None:
        row(rows, "dev-network-vcn")["inputs"]["dnsLabel"] = "another"

    assert lost(export(change))["dev-network-vcn"] == ("replace", "changes dnsLabel, which replaces it")


def test_what_refers_to_a_replaced_resource_is_replaced() -> None:
    def change(rows: list[Row]) -> None:
        vcn, subnet = row(rows, "dev-network-vcn"), row(rows, "dev-network-private")
        vcn["inputs"]["dnsLabel"] = "another"
        subnet["propertyDependencies"] = {"dnsLabel": None, "vcnId": [vcn["urn"]]}

    assert lost(export(change))["dev-network-private"] == (
        "replace",
        "refers to a replaced resource in vcnId",
    )


def test_a_change_in_place_is_no_loss() -> None:
    def change(rows: list[Row]) -> None:
        row(rows, "dev-network-vcn")["inputs"]["displayName"] = "another"

    assert lost(export(change)) == {}


def test_ids_and_outputs_of_the_state_are_those_of_the_new_inputs() -> None:
    def change(rows: list[Row]) -> None:
        vcn = row(rows, "dev-network-vcn")
        text = json.dumps(rows).replace(vcn["id"], "ocid1.vcn.oc1.iad.real")
        rows[:] = json.loads(text)

    assert lost(export(change)) == {}


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("staging-chart-gpu-metrics-config", "data"),
        ("staging-chart-gpu-metrics-release", "namespace"),
        ("staging-claims-class", "parameters"),
        ("staging-qwen3-32b-engine", "spec.selector"),
        ("staging-qwen3-32b-service", "spec.clusterIP"),
        ("staging-team-research-quota", "metadata.name"),
        ("staging-team-research-quota", "spec.scopes"),
    ],
)
def test_a_field_of_pulumi_kubernetes_own_table_replaces_an_object(name: str, path: str) -> None:
    def change(rows: list[Row]) -> None:
        *steps, last = path.split(".")
        inputs: dict[str, Any] = row(rows, name)["inputs"]
        for step in steps:
            inputs = inputs[step]
        inputs[last] = "another"

    assert lost(export(change, "staging")) == {name: ("replace", f"changes {path}, which replaces it")}


def test_secrets_of_the_state_are_not_compared() -> None:
    def change(rows: list[Row]) -> None:
        secret = {
            "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
            "ciphertext": "v1:x",
        }
        row(rows, "dev-network-vcn")["inputs"]["dnsLabel"] = secret

    assert lost(export(change)) == {}


def test_resources_that_are_read_or_being_deleted_are_not_lost() -> None:
    def add(rows: list[Row]) -> None:
        for mark in ("delete", "external"):
            old = deepcopy(row(rows, "dev-network-vcn"))
            rows.append({**old, "urn": f"{old['urn']}-{mark}", mark: True})

    assert lost(export(add)) == {}


@pytest.mark.parametrize("release", releases())
def test_each_release_loses_only_what_is_accepted(release: str) -> None:
    for saved in saved_stacks(release):
        state = saved.state()
        found = losses(state, *run_over(state, saved.stack_file()))
        assert [each for each in found if each.holds_data] == []
        names = {each.urn.rsplit("::", 1)[-1] for each in found}
        assert names == ACCEPTED.get(f"{release}/{saved.stack}", frozenset()), found


def test_a_file_is_checked_with_the_stack_file_of_the_project(tmp_path: Path) -> None:
    def change(rows: list[Row]) -> None:
        row(rows, "dev-network-vcn")["inputs"]["dnsLabel"] = "another"

    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(export())
    bad.write_text(export(change))
    found = invoke("--check", str(good))
    assert (found.exit_code, found.output) == (0, "dev: nothing is replaced or deleted\n")
    found = invoke("--check", str(bad), "--json")
    assert found.exit_code == 1
    told = json.loads(found.output)
    assert (told["ok"], told["stacks"]["dev"][0]["operation"]) == (False, "replace")


EMPTY = json.dumps({"deployment": {"resources": []}})
NO_FILE = json.dumps({"deployment": {"resources": [{"urn": f"urn:pulumi:qa::{PROJECT}::x:y:Z::n"}]}})
OTHER = json.dumps({"deployment": {"resources": [{"urn": "urn:pulumi:a::shop::x:y:Z::n", "custom": True}]}})


REFUSALS = [
    (None, ("--check", "0.0.9"), 1, "--check: '0.0.9'; must be a release or a file"),
    (
        None,
        ("--check", "0.1.0", "--stack", "stagin"),
        1,
        "--stack: 'stagin'; must be one of prod, staging",
    ),
    (
        None,
        ("--check", "0.1.0", "--config-file", "Pulumi.dev.yaml"),
        1,
        "--config-file: 'Pulumi.dev.yaml'; is only",
    ),
    (None, (), 2, "Missing option '--check'"),
    ("{", ("--check", "FILE"), 1, "must be the JSON of `pulumi stack export`"),
    ("[]", ("--check", "FILE"), 1, "must be the JSON of `pulumi stack export`, with `deployment`"),
    ('{"deployment": null}', ("--check", "FILE"), 1, "with `deployment`"),
    (EMPTY, ("--check", "FILE"), 1, "must contain resources: this state is empty"),
    (OTHER, ("--check", "FILE"), 1, "--check: 'shop'; must be the state of project genai-playground"),
    (NO_FILE, ("--check", "FILE"), 2, "the stack of the state: 'qa'; has no file Pulumi.qa.yaml"),
    (
        "dev",
        ("--check", "FILE", "--stack", "prod"),
        1,
        "--stack: 'prod'; must be dev, the stack of the state",
    ),
]
"""Text of the file, words of the command, exit code, and what the refusal says."""


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda each: each[3])
def test_a_wrong_use_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusal: tuple[str | None, tuple[str, ...], int, str]
) -> None:
    text, words, status, says = refusal
    monkeypatch.chdir(ROOT)
    file = tmp_path / "state.json"
    if text is not None:
        file.write_text(export() if text == STACK else text)
    found = invoke(*(word.replace("FILE", str(file)) for word in words))
    assert found.exit_code == status, found.output
    assert says in found.output
    assert "Traceback" not in found.output


def test_each_stack_shows_its_progress_and_its_result_before_the_next_one_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told: list[tuple[str, str]] = []

    @contextmanager
    def shown(text: str) -> Generator[None]:
        told.append((text, capsys.readouterr().out))
        yield

    monkeypatch.setattr(command, "progress", shown)
    monkeypatch.setattr(command, "run_over", lambda *_: (None, {}))
    monkeypatch.setattr(command, "losses", lambda *_: [])
    with pytest.raises(SystemExit, match="0"):
        main(["upgrade", "--check", "0.1.0"], standalone_mode=False)
    run = "running the program over the old state"
    assert told == [
        (f"0.1.0/prod (1 of 2): {run}", ""),
        (f"0.1.0/staging (2 of 2): {run}", "0.1.0/prod: nothing is replaced or deleted\n"),
    ]
