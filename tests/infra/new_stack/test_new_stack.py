"""`playground new`: the new file, its changes and placeholders, and every refusal."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from infra.commands.cli import main
from infra.new_stack.encryption import opens
from infra.project.stackfile import PROJECT, ROOT
from infra.settings.governance.tags import IGNORED
from tests.infra.new_stack.conftest import STACKS
from tests.infra.new_stack.refusals import BASE, FROM, PROFILES, REFUSALS, SALTED, SECRET, TENANCY, Refusal

OF_THE_TENANCY = [
    *(f"governance.{key}" for key in ("managesTenancy", "cloudGuard", "scanning", "notices", "creatorTag")),
    "observability.logs.audit",
]
OWN = "ocid1.compartment.oc1..aaaaaaaaown"


def invoke(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def new(*words: str) -> dict[str, object]:
    found = invoke("new", *words, "--json", "--offline")
    assert found.exit_code == 0, found.output
    return json.loads(found.output)


def section(file: Path, name: str) -> dict[str, object]:
    return yaml.safe_load(file.read_text())["config"][f"{PROJECT}:{name}"]


def write_profiles(project: Path, rc: str = "") -> None:
    folder = project.parent / ".oci"
    folder.mkdir()
    (folder / "config").write_text(PROFILES)
    if rc:
        (folder / "oci_cli_rc").write_text(rc)


def test_new_subnets_in_an_existing_vcn_need_other_ranges(project: Path) -> None:
    example = (ROOT / "examples" / "existing-vcn.yaml").read_bytes()
    (project / "Pulumi.theirs.yaml").write_bytes(example)
    notes = new("qa", "--from", "theirs", "--dry-run")["notes"]
    assert (
        "choose ranges that theirs does not use in the same VCN: network.existing.subnets.private.cidr, "
        "network.existing.subnets.gpu.cidr, network.existing.subnets.loadbalancers.cidr, "
        "network.existing.subnets.pods.cidr"
    ) in notes  # type: ignore[operator]


@pytest.mark.parametrize("source", STACKS)
def test_a_copy_of_each_stack_passes_check_at_once(project: Path, source: str) -> None:
    new("qa", "--from", source)
    found = invoke("check", "qa")
    assert found.exit_code == 0, found.output


@pytest.mark.parametrize("region", ["us-ashburn-1", "eu-frankfurt-1"])
@pytest.mark.parametrize("example", sorted((ROOT / "examples").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_example_can_be_copied(project: Path, example: Path, region: str) -> None:
    (project / f"Pulumi.{example.stem}.yaml").write_bytes(example.read_bytes())
    assert new("qa", "--from", example.stem, "--region", region, "--dry-run")["text"]


def test_a_range_for_an_existing_network_is_refused(project: Path) -> None:
    example = (ROOT / "examples" / "existing-network.yaml").read_bytes()
    (project / "Pulumi.existing.yaml").write_bytes(example)
    find = {each["path"]: each["find"] for each in new("qa", "--from", "existing")["placeholders"]}  # type: ignore[union-attr]
    assert "oci network vcn list" in find["network.existing.vcnId"]
    found = invoke("new", "qb", "--from", "existing", "--offline", "--cidr", "10.1.0.0/16")
    assert found.exit_code == 1
    assert (
        "--cidr: '10.1.0.0/16'; is not possible: existing uses an existing network. Remove --cidr"
        in found.output
    )


@pytest.mark.parametrize("source", STACKS)
def test_a_copy_differs_from_its_source_only_where_it_says(project: Path, source: str) -> None:
    told = new("qa", "--from", source)
    before = (project / f"Pulumi.{source}.yaml").read_text().splitlines()
    after = (project / "Pulumi.qa.yaml").read_text().splitlines()
    gone = [each["path"] for each in told["changes"] if each["after"] is None]  # type: ignore[index]
    quotas = ["governance.quotas"] if source != "dev" else []
    assert gone == [*quotas, *(OF_THE_TENANCY if source == "prod" else [])]
    before = [
        line
        for line in before
        if not re.match(r"    (managesTenancy|cloudGuard|scanning|notices|creatorTag|quotas|  audit):", line)
    ]
    ignored = [line for line in after if line.strip().startswith("ignored:")]
    after = [line for line in after if line not in ignored]
    added = [f"      ignored: [{each['after']}]" for each in told["changes"] if each["path"] == IGNORED]  # type: ignore[union-attr,index]
    assert ignored == added
    assert bool(added) == (source != "dev"), "dev sets no default tags"
    assert len(after) == len(before)
    values = [
        (each["before"], each["after"])
        for each in told["changes"]  # type: ignore[index]
        if each["after"] is not None and each["path"] != IGNORED
    ]
    names = [(f"STACK={source}", "STACK=qa"), (f"tunnel {source}", "tunnel qa")]
    for old, line in zip(before, after, strict=True):
        assert line in {old, *(old.replace(was, now) for was, now in (*values, *names))}


def test_the_comments_name_the_new_environment(project: Path) -> None:
    new("qa", "--from", "staging")
    assert "run `playground tunnel qa` before" in (project / "Pulumi.qa.yaml").read_text()


def test_stacks_that_are_made_one_after_the_other_have_ranges_of_their_own(project: Path) -> None:
    new("qa", "--from", "staging")
    new("qb", "--from", "qa")
    cidrs = [section(project / f"Pulumi.{name}.yaml", "network")["cidr"] for name in ("staging", "qa", "qb")]
    assert cidrs == ["10.0.0.0/16", "10.1.0.0/16", "10.2.0.0/16"]


def test_subnets_and_the_deployer_move_with_the_range(project: Path) -> None:
    new("qa", "--from", "prod", "--cidr", "172.20.0.0/16")
    network = section(project / "Pulumi.qa.yaml", "network")
    assert network["subnets"]["database"] == "172.20.4.0/24"  # type: ignore[index]
    assert section(project / "Pulumi.qa.yaml", "tenancy")["deployer"] == {
        "access": "inside",
        "cidr": "172.20.2.250/32",
    }


def test_names_that_exist_once_in_a_tenancy_change(project: Path) -> None:
    new("qa", "--from", "prod")
    file = project / "Pulumi.qa.yaml"
    assert section(file, "database")["oracle"]["dbName"] == "genaiqa"  # type: ignore[index]
    dns = section(file, "network")["edge"]["dns"]  # type: ignore[index]
    assert dns == {"zone": "qa.genai.example.com", "hostnames": ["qa.genai.example.com"]}


def test_a_source_without_a_range_gets_one(project: Path) -> None:
    (project / "Pulumi.small.yaml").write_text(BASE.replace("cidr: 10.0.0.0/16, ", ""))
    told = new("qa", "--from", "small")
    assert {"path": "network.cidr", "before": None, "after": "10.1.0.0/16"} in told["changes"]  # type: ignore[operator]
    assert section(project / "Pulumi.qa.yaml", "network")["cidr"] == "10.1.0.0/16"
    assert invoke("check", "qa").exit_code == 0


def test_each_placeholder_has_a_command_or_a_page(project: Path) -> None:
    told = new("qa", "--from", "prod")
    find = {each["path"]: each["find"] for each in told["placeholders"]}  # type: ignore[index]
    assert "playground pin-image qa" in find["serving.imageDigest"]
    assert "oci ce node-pool-options get" in find["cluster.pools[0].imageId"]
    assert "oci compute image list" in find["gpu.pools[0].imageId"]
    assert "crane digest" in find["serving.jobs.smokeTest.imageDigest"]
    assert all(find.values())


def test_a_profile_replaces_placeholders(project: Path) -> None:
    write_profiles(project, f"[DEFAULT]\ncompartment-id={OWN}\n")
    told = new("qa", "--from", "staging")
    tenancy = section(project / "Pulumi.qa.yaml", "tenancy")
    assert (tenancy["tenancyId"], tenancy["compartmentId"]) == (TENANCY, OWN)
    find = {each["path"]: each["find"] for each in told["placeholders"]}  # type: ignore[index]
    assert f"-c {OWN}" in find["gpu.pools[0].imageId"]
    assert "quotas" in section(project / "Pulumi.qa.yaml", "governance"), "it has a compartment of its own"


def test_another_region_turns_its_ocids_into_placeholders_and_swaps_the_regions_of_copies(
    project: Path,
) -> None:
    new("qa", "--from", "prod", "--region", "us-phoenix-1")
    file = project / "Pulumi.qa.yaml"
    tenancy = section(file, "tenancy")
    assert (tenancy["region"], tenancy["secondRegion"]) == ("us-phoenix-1", "us-ashburn-1")
    image = section(file, "gpu")["pools"][0]["imageId"]  # type: ignore[index]
    assert image == "ocid1.image.oc1.phx.REPLACE-ME"
    assert invoke("check", "qa").exit_code == 0


def filled(project: Path) -> str:
    """Staging with the values of an account."""
    text = (ROOT / "Pulumi.staging.yaml").read_text().replace("sha256:REPLACE-ME", "sha256:" + "0" * 64)
    text = text.replace("sha256: REPLACE-ME", "sha256: " + "a" * 64)
    text = text.replace("https://REPLACE-ME/", "https://artifacts.example.com/")
    text = text.replace("Replace every REPLACE-ME", "Replace every placeholder")
    # An encrypted password belongs to one stack file, so the cache is left out, and what it counts.
    text = re.sub(r"    cache:.*\n(      .*\n)+|        (requests|tokens)PerMinute:.*\n", "", text)
    return text.replace("revision: REPLACE-ME", "revision: " + "a" * 40).replace(
        "REPLACE-ME", "aaaaaaaaother"
    )


def test_a_source_with_an_account_keeps_it(project: Path) -> None:
    write_profiles(project)
    (project / "Pulumi.filled.yaml").write_text(filled(project))
    told = new("qa", "--from", "filled")
    assert section(project / "Pulumi.qa.yaml", "tenancy")["tenancyId"] == "ocid1.tenancy.oc1..aaaaaaaaother"
    assert told["placeholders"] == []
    assert told["same"] == ["cluster.pools[0].imageId", "gpu.pools[0].imageId"]


def test_a_profile_of_another_tenancy_leaves_none_of_the_sources_ocids(project: Path) -> None:
    write_profiles(project)
    (project / "Pulumi.filled.yaml").write_text(filled(project))
    new("qa", "--from", "filled", "--profile", "DEFAULT")
    text = (project / "Pulumi.qa.yaml").read_text()
    assert "aaaaaaaaother" not in text
    assert "iad.ocir.io/REPLACE-ME/" in text
    assert f"tenancyId: {TENANCY}" in text
    assert "https://idcs-REPLACE-ME.identity.oraclecloud.com:443" in text


def test_encrypted_values_come_along_with_the_same_passphrase(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "Pulumi.secret.yaml").write_text(SECRET + SALTED)
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "right")
    new("qa", "--from", "secret")
    text = (project / "Pulumi.qa.yaml").read_text()
    assert "secure: v1:AAAA:BBBB" in text
    assert SALTED in text


def test_a_salt_without_encrypted_values_stays_behind(project: Path) -> None:
    (project / "Pulumi.salted.yaml").write_text(BASE + SALTED)
    new("qa", "--from", "salted")
    assert "encryptionsalt" not in (project / "Pulumi.qa.yaml").read_text()


def test_only_its_passphrase_opens_a_salt() -> None:
    salt = SALTED.partition(": ")[2].strip()
    assert opens(salt, "right")
    assert not opens(salt, "wrong")
    assert not opens("v2", "right")


def test_a_dry_run_writes_nothing(project: Path) -> None:
    told = new("qa", "--from", "staging", "--dry-run")
    assert told["written"] is False
    assert "cidr: 10.1.0.0/16" in str(told["text"])
    assert not (project / "Pulumi.qa.yaml").exists()


def test_a_copy_of_prod_says_that_its_data_is_not_protected(project: Path) -> None:
    found = invoke("new", "qa", "--from", "prod", "--offline")
    assert "data of qa is not: set tenancy.protect" in found.output


def test_a_terminal_of_80_columns_shows_the_command(project: Path) -> None:
    found = invoke("new", "qa", "--from", "staging", "--offline")
    assert found.exit_code == 0
    assert "Pulumi.qa.yaml is written, from Pulumi.staging.yaml" in found.output
    assert "Next: `playground check qa`" in found.output


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda each: each.name)
def test_a_wrong_use_is_refused_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, project: Path, refusal: Refusal
) -> None:
    write_profiles(project)
    for stack in STACKS:
        (project / f"Pulumi.{stack}.yaml").unlink()
    for name, text in refusal.files:
        (project / name).write_text(text)
    for name, text in refusal.variables:
        monkeypatch.setenv(name, text)
    before = {path.name: path.read_bytes() for path in project.iterdir()}
    found = invoke("new", *refusal.words, "--offline")
    assert found.exit_code == refusal.status, found.output
    assert missing(found.output, refusal.says) == [], found.output
    assert "Traceback" not in found.output
    assert {path.name: path.read_bytes() for path in project.iterdir()} == before


def missing(text: str, said: Sequence[str]) -> list[str]:
    return [each for each in said if each not in text]


def test_the_sources_name_is_not_confused_with_other_words(project: Path) -> None:
    text = BASE.replace("# staging", "# stagings and staging-qa")
    (project / "Pulumi.staging.yaml").write_text(text)
    new("qb", *FROM)
    assert (project / "Pulumi.qb.yaml").read_text().startswith("# stagings and qb-qa, in 10.1.0.0/16")
