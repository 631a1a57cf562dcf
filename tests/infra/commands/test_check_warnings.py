"""`playground check` warns about storage that nothing mounts and about data without a backup."""

import json
from pathlib import Path

import pytest
import yaml

from infra.commands.offline import offline_resources
from infra.commands.warnings import warnings_of
from infra.project.stackfile import ROOT, read_stack_file
from infra.settings import load
from report.cost import estimate, prices_in_use
from report.wording import money
from serving.catalogue.own_models import use_models_from
from tests.infra.commands.test_cli import invoke
from tests.infra.settings.examples import Change, config, external
from tests.infra.settings.refusals_of_alert_receivers import IMAGE, PAGER, TOPIC, routed

EXAMPLES = {"block-volumes": "oci:Core/volume:Volume", "lustre-weights": "Lustre/"}

DUTY = {"name": "critical", "subscriptions": {"duty": {"protocol": "EMAIL", "endpoint": "duty@example.com"}}}

HEARD: list[Change] = [
    ("governance.budget.recipients", ["finops@example.com"]),
    ("observability.topics", [DUTY]),
]


def paths(*changes: Change) -> list[str]:
    return [warning.path for warning in warnings_of(load(config(*HEARD, *changes), "test"))]


def test_a_stack_without_such_storage_has_no_warnings():
    assert paths() == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_unmounted_storage_is_named_with_the_price_that_the_report_shows(name: str):
    file = ROOT / "examples" / f"{name}.yaml"
    resources = offline_resources(read_stack_file("test", file), "test")
    cost = estimate([each for each in resources if EXAMPLES[name] in each.type], prices_in_use({}))
    found = invoke("check", "test", "--config-file", str(file))
    assert found.exit_code == 0
    expected = (
        f"costs {money(cost.monthly_total, cost.currency)} a month, and nothing in this stack mounts it"
    )
    assert expected in found.output


def test_volumes_without_a_backup_are_named():
    group = {"name": "state", "volumes": {"index": {"sizeGib": 50}}}
    assert paths(("storage.volumeGroups", [group])) == [
        "storage.volumeGroups[0]",
        "storage.volumeGroups[0].backups",
    ]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({}, "governance.budget.recipients"),
        ({"recipients": ["finops@example.com"]}, None),
        ({"topic": "critical"}, None),
        (
            {"recipients": ["finops@example.com"], "alertPercentages": [], "forecastPercentages": []},
            "governance.budget.alertPercentages",
        ),
    ],
)
def test_a_budget_that_nobody_hears_of_is_named(changes: dict[str, object], path: str | None):
    found = paths(("governance.budget", {"monthlyAmount": 1000, **changes}))
    assert found == ([path] if path else [])


def test_a_topic_without_subscriptions_is_named():
    assert paths(("observability.topics", [{**DUTY, "subscriptions": {}}])) == ["observability.topics[0]"]


def test_the_volume_of_prometheus_has_no_backup():
    assert paths(("serving.platform", {"prometheus": {}})) == ["serving.platform.prometheus.storageGib"]


def test_a_schedule_of_keys_without_a_start_is_named():
    vault = {"kind": "private", "rotationDays": 90}
    assert paths(("vault", vault)) == ["vault.rotationStart"]
    assert paths(("vault", {**vault, "rotationStart": "2026-12-01"})) == []


def test_a_model_whose_longest_answers_are_cut_is_named_until_the_user_chooses():
    model = ("serving.models.0.preStopSeconds", 3_000)
    assert paths(model) == ["serving.models[0].longestStreamSeconds"]
    assert paths(model, ("serving.models.0.longestStreamSeconds", 540)) == []


def test_a_priority_class_that_an_autoscaler_ignores_is_named_if_there_can_be_one():
    filler = ("serving.priorities", {"filler": {"value": -1000, "description": "spare"}})
    low = ("serving.priorities", {"filler": {"value": -10, "description": "spare"}})
    assert paths(filler) == [], "the size of every pool is fixed"
    assert paths(filler, *external(1, 2)) == ["serving.priorities.filler.value"]
    assert paths(low, *external(1, 2)) == []


@pytest.mark.parametrize("real", [[], ["--real"]])
def test_warnings_are_in_the_json_and_do_not_fail_the_check(tmp_path: Path, real: list[str]):
    sections = config(*HEARD, ("storage.lustre", {}))
    file = tmp_path / "Pulumi.test.yaml"
    file.write_text(yaml.safe_dump({"config": {f"genai-playground:{k}": v for k, v in sections.items()}}))
    found = invoke("check", "test", "--json", "--config-file", str(file), *real)
    assert found.exit_code == 0
    assert [each["path"] for each in json.loads(found.output)["warnings"]] == ["storage.lustre"]


def test_an_engine_image_of_ocis_registry_needs_a_login_of_the_nodes():
    image = ("serving.image", "iad.ocir.io/space/vllm:1")
    provider = {"url": "https://example.com/v0.1.1/provider", "sha256": "0" * 64}
    assert "serving.image" in paths(image)
    assert "serving.image" not in paths(image, ("cluster.credentialProvider", provider))


def test_images_of_the_router_and_the_relay_need_it_too():
    receivers = routed(PAGER, TOPIC, relay=IMAGE)
    router = ("traffic.router", {"image": "iad.ocir.io/space/smg", "imageDigest": IMAGE["imageDigest"]})
    drain = ("cluster.pools.0.evictionMinutes", 30)
    assert {"traffic.router.image", "traffic.watching.relay.image"} <= set(paths(*receivers, router, drain))


def test_alerts_that_nobody_gets_are_named():
    receivers, path = routed(PAGER, TOPIC, relay=IMAGE), "traffic.watching"
    at = [f"{path}.receivers[1].topic", f"{path}.relay"]
    topic = {"name": "critical", "subscriptions": {"me": {"protocol": "EMAIL", "endpoint": "me@example.com"}}}
    unsubscribed = ("observability.topics", [{"name": "critical"}])
    assert at[0] in paths(*receivers, unsubscribed)
    assert at[0] not in paths(*receivers, ("observability.topics", [topic]))
    assert at[1] in paths(*receivers, ("identity", {"manage": False}))
    assert at[1] not in paths(*receivers)


def test_a_model_that_the_pinned_vllm_cannot_serve_is_named_with_the_nearest_architecture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    content = yaml.safe_load((ROOT / "serving" / "catalogue" / "qwen3-32b.yaml").read_text(encoding="utf-8"))
    content |= {"name": "own-32b", "architecture": "Qwen3ForCasualLM"}
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "own-32b.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    own = ("serving.catalogue", "./models"), ("serving.models.0.model", "own-32b")
    (warning,) = warnings_of(load(config(*HEARD, *own), "test"))
    use_models_from(None, "")
    assert str(warning).startswith("serving.models[0].model: 'own-32b'; has an architecture that vLLM")
    assert str(warning).endswith("only with a plug-in: Qwen3ForCasualLM. Did you mean `Qwen3ForCausalLM`?")
