"""`sandbox cloud`: its output for people and for programs, and its changes."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from facts.limits import LIMITS
from sandbox import cloud_cli
from sandbox.cloud_view import table
from sandbox.home import Home
from sandbox.kubernetes.api.objects import Live, Objects
from sandbox.oci.cloud import Cloud
from sandbox.store import NoPlaceError, OtherLayoutError, Store

from .conftest import VCN, Run, entry

DOMAIN = "Uocm:US-ASHBURN-AD-1"


def test_the_list_is_tab_separated_off_a_terminal(run: Run, model: Cloud) -> None:
    lines = run("list").stdout.splitlines()
    assert lines[0].split("\t") == ["type", "name", "region", "state", "id"]
    assert [line.split("\t")[:2] for line in lines[1:]] == [["Core Subnet", "gpu"], ["Core Vcn", "net"]]


def test_an_empty_cloud_says_so_on_standard_error(run: Run) -> None:
    result = run("list")
    assert result.stdout == ""
    assert "no resources" in result.stderr


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["--type", "Vcn"], ["net"]),
        (["--type", "Core/*"], ["gpu", "net"]),
        (["--compartment", "ocid1.compartment.oc1..other"], []),
        (["--assumed"], ["ocid1.image.oc1.iad.aaaa"]),
        (["--deleted"], ["keys"]),
    ],
)
def test_the_list_can_be_filtered(run: Run, model: Cloud, words: list[str], names: list[str]) -> None:
    if "--assumed" in words:
        model.require("ocid1.image.oc1.iad.aaaa", path="imageId")
    if "--deleted" in words:
        vault = entry("ocid1.vault.oc1.iad.aaaa", "oci:Kms/vault:Vault", displayName="keys")
        model.save(replace(vault, state="PENDING_DELETION", deleted_at="2030-01-01T00:00:00Z"))
    found = json.loads(run("list", "--json", *words).stdout)
    assert [each["name"] for each in found] == names


def test_one_resource_is_shown_by_id_name_or_urn(run: Run, model: Cloud) -> None:
    for word in (VCN, "net", "urn:net::net-of-pulumi", "net-of-pulumi"):
        shown = json.loads(run("show", word, "--json").stdout)
        assert shown["id"] == VCN
    assert shown["inputs"]["cidrBlocks"] == ["10.0.0.0/16"]
    assert shown["referredToBy"] == ["ocid1.subnet.oc1.iad.aaaagpu"]
    assert "inputs.displayName\tnet" in run("show", "net").stdout


def test_a_missing_resource_is_reported_with_the_nearest_name(run: Run, model: Cloud) -> None:
    assert "Did you mean `net`?" in run("show", "nett", code=1).stderr


def test_a_name_of_two_resources_needs_an_id_instead(run: Run, model: Cloud) -> None:
    model.save(entry("ocid1.vcn.oc1.iad.bbbb", "oci:Core/vcn:Vcn", displayName="net"))
    assert VCN in run("show", "net", code=1).stderr


def test_secrets_are_masked_unless_requested(run: Run, model: Cloud) -> None:
    secret = "oci:Database/autonomousDatabase:AutonomousDatabase"
    model.save(
        entry("ocid1.autonomousdatabase.oc1.iad.aa", secret, displayName="adb", adminPassword="hunter2!")
    )
    assert "hunter2!" not in run("show", "adb").stdout
    assert "hunter2!" not in run("show", "adb", "--json").stdout
    assert "hunter2!" in run("show", "adb", "--json", "--show-secrets").stdout


def test_reset_empties_the_cloud_and_calls_the_hooks(run: Run, model: Cloud) -> None:
    seen: list[Home] = []
    cloud_cli.on_reset(seen.append)
    assert json.loads(run("reset", "--yes", "--json").stdout) == {"removed": 2}
    assert model.entries() == []
    assert [home.cloud for home in seen] == [model.store.path]


def test_reset_asks_first(run: Run, model: Cloud) -> None:
    run("reset", text="n\n", code=1)
    assert len(model.entries()) == 2, "no means no"
    run("reset", text="y\n")
    assert model.entries() == []


def test_a_hook_that_refuses_keeps_the_cloud(run: Run, model: Cloud) -> None:
    def refuse(_: Home) -> None:
        raise RuntimeError("a command is running")

    cloud_cli.on_reset(refuse)
    assert str(run("reset", "--yes", code=1).exception) == "a command is running"
    assert len(model.entries()) == 2, "cloud and stack state are cleared together or not at all"


def test_events_are_shown_newest_last(run: Run, store: Store) -> None:
    for number in range(3):
        store.record("oci", "create", f"id{number}", urn=f"urn{number}")
    found = json.loads(run("events", "--last", "2", "--json").stdout)
    assert [each["subject"] for each in found] == ["id1", "id2"]
    assert "urn=urn2" in run("events", "--last", "1").stdout


def test_limits_show_defaults_and_what_was_set(run: Run, store: Store) -> None:
    run("limits", "set", "gpu-mi300x-count", "16")
    run("limits", "set", "gpu-mi300x-count", "8", "--region", "us-ashburn-1", "--domain", DOMAIN)
    run("limits", "capacity", "BM.GPU.MI300X.8", "3")
    rows = json.loads(run("limits", "--json").stdout)
    gpus = [
        (row["value"], row["domain"], row["origin"]) for row in rows if row["limit"] == "gpu-mi300x-count"
    ]
    assert gpus == [(16, "", "set"), (8, DOMAIN, "set")]
    assert ("hosts of BM.GPU.MI300X.8", 3) in [(row["limit"], row["value"]) for row in rows]
    assert Cloud(store).limit("gpu-mi300x-count", "us-ashburn-1", DOMAIN) == 8
    assert Cloud(store).capacity("BM.GPU.MI300X.8", "AD-1") == 3


def test_a_limit_that_was_set_can_be_unset_alone_or_with_all_others(run: Run, store: Store) -> None:
    run("limits", "set", "gpu-mi300x-count", "8")
    run("limits", "set", "gpu-mi300x-count", "8", "--region", "us-ashburn-1")
    run("limits", "set", "vcn-count", "1")
    run("limits", "capacity", "BM.GPU.MI300X.8", "0")
    assert json.loads(run("limits", "unset", "gpu-mi300x-count", "--json").stdout) == {
        "unset": ["gpu-mi300x-count"]
    }
    assert (
        Cloud(store).limit("gpu-mi300x-count", "us-ashburn-1") == LIMITS["gpu-mi300x-count"].assumed_default
    )
    assert Cloud(store).limit("vcn-count", "us-ashburn-1") == 1
    assert "BM.GPU.MI300X.8, vcn-count" in run("limits", "unset").stdout
    assert Cloud(store).capacity("BM.GPU.MI300X.8", DOMAIN) is None
    assert "nothing was set" in run("limits", "unset").stdout


def test_unsetting_what_was_not_set_is_refused_and_changes_nothing(run: Run, store: Store) -> None:
    run("limits", "set", "vcn-count", "1")
    refused = run("limits", "unset", "vcn-count", "cluster-count", code=1)
    assert "not set, so there is nothing to unset: cluster-count" in refused.stderr
    assert Cloud(store).limit("vcn-count", "us-ashburn-1") == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["limits", "set", "gpu-mi300x-cont", "8"], "Did you mean `gpu-mi300x-count`?"),
        (["limits", "set", "vcn-count", "8", "--region", "us-ashbrun-1"], "Did you mean `us-ashburn-1`?"),
        (["limits", "capacity", "BM.GPU.MI300.8", "2"], "Did you mean `BM.GPU.MI300X.8`?"),
        (
            ["limits", "set", "vcn-count", "8", "--region", "us-phoenix-1", "--domain", DOMAIN],
            f"{DOMAIN} is not an availability domain of us-phoenix-1",
        ),
        (
            ["limits", "capacity", "BM.GPU.MI300X.8", "2", "--domain", "AD-1"],
            "AD-1 is not an availability domain",
        ),
        (["list", "--type", "Subnett"], "Did you mean `Subnet`?"),
        (["show", "nothing"], "no resource in the cloud has the name nothing"),
    ],
)
def test_an_unknown_word_is_refused_with_the_nearest_one(run: Run, words: list[str], told: str) -> None:
    result = run(*words, code=1)
    assert told in result.stderr
    assert result.stdout == "", "a program that reads the output must not read an error"


def test_limits_of_flexible_shapes_and_shapes_without_figures_can_be_set(run: Run, store: Store) -> None:
    run("limits", "set", "standard-e4-memory-count", "64")
    run("limits", "capacity", "BM.GPU.H100.8", "1")
    assert Cloud(store).capacity("BM.GPU.H100.8", "AD-1") == 1


@pytest.mark.parametrize("words", [["list"], ["events"], ["limits"], ["fault", "list"]], ids=" ".join)
def test_an_empty_result_is_json_too(run: Run, words: list[str]) -> None:
    assert isinstance(json.loads(run(*words, "--json").stdout), list)


def test_a_file_that_is_not_a_database_is_named_and_reset_clears_it(run: Run, store: Store) -> None:
    store.close()
    store.path.write_bytes(b"not a database" * 100)
    with pytest.raises(OtherLayoutError, match="is not a database: `sandbox cloud reset` clears it"):
        Store(store.path)
    assert json.loads(run("reset", "--yes", "--json").stdout) == {"removed": 0}
    assert json.loads(run("list", "--json").stdout) == []


def test_a_home_that_cannot_be_created_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(
        NoPlaceError, match=f"SANDBOX_HOME: {tmp_path}/file/home cannot be created: Not a directory"
    ):
        Store(tmp_path / "file" / "home" / "cloud.db")
    with pytest.raises(NoPlaceError, match="cannot be created"):
        Home(tmp_path / "file", tmp_path).prepare()


def test_the_help_of_every_command_fits_its_line(run: Run) -> None:
    for words in (["--help"], ["limits", "-h"], ["fault", "--help"], ["fault", "add", "--help"]):
        cut = [
            line for line in run(*words).stdout.splitlines() if line.startswith("  ") and line.endswith("...")
        ]
        assert cut == [], "the help of a command must not be cut off"


def test_a_narrow_terminal_cuts_nothing_off(
    run: Run, model: Cloud, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "60")
    table(("time", "detail"), [["2026-11-21T17:03:47.100Z", "x" * 100]], empty="")
    shown = capsys.readouterr().out
    assert "2026-11-21T17:03:47.100Z" in shown
    assert shown.count("x") == 100


def test_a_domain_s_limit_needs_its_region(run: Run) -> None:
    refused = run("limits", "set", "gpu-mi300x-count", "8", "--domain", DOMAIN, code=2)
    assert "--domain needs --region" in refused.stderr


def test_the_home_region_is_shown_set_and_checked(run: Run, store: Store) -> None:
    assert json.loads(run("home", "--json").stdout) == {"homeRegion": None}
    assert "not set: the first write" in run("home").stdout
    assert run("home", "us-phoenix-1").stdout == "us-phoenix-1\n"
    assert Cloud(store).home_region() == "us-phoenix-1"
    assert "Did you mean `us-ashburn-1`?" in run("home", "us-ashbrun-1", code=1).stderr


def test_objects_of_a_cluster_are_listed_and_shown_with_masked_secrets(run: Run, store: Store) -> None:
    body = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": "token",
            "namespace": "serving",
            "uid": "1",
            "creationTimestamp": "2026-11-01T00:00:00Z",
        },
        "data": {"token": "aGlkZGVu"},
    }
    cluster = "ocid1.cluster.oc1.iad.aaaac"
    Objects(store).save(Live(cluster, ("", "Secret", "serving", "token"), 0, "urn:token", True, body))
    (listed,) = json.loads(run("list", "--type", "*Secret", "--json").stdout)
    assert (listed["id"], listed["type"], listed["state"]) == (
        "serving/token",
        "kubernetes:v1:Secret",
        "ACTIVE",
    )
    details = run("show", "serving/token", "--json").stdout
    assert cluster in details
    assert "aGlkZGVu" not in details


def test_the_command_line_registers_no_rule_of_the_cloud() -> None:
    """Rules run in the order in which their modules are imported: the command line must not change that order."""
    ask = "import sandbox.cli; from sandbox.oci.rules import _RULES; print(len(_RULES))"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"
