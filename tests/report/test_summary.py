import io
import json

import pytest
from rich.console import Console

from facts.prices import load_prices
from report.resources import UNKNOWN, Resource, from_export
from report.summary import Summary, as_json, endpoints, show, summarise
from tests.report import states

PRICES = load_prices()


def summary(amount: int = 10_000, changes: dict[str, int] | None = None) -> Summary:
    return summarise(
        from_export(states.export(states.staging(amount))),
        PRICES,
        stack="staging",
        assumed=["ocid1.compartment.oc1..aaaa adopted as a compartment"],
        next_steps=[("make down", "destroys everything")],
        changes=changes,
    )


def text(shown: Summary, width: int = 120) -> str:
    out = io.StringIO()
    show(shown, Console(file=out, width=width))
    return out.getvalue()


def test_over_budget_comes_first() -> None:
    said = text(summary(10_000))
    assert "OVER BUDGET" in said
    assert said.index("OVER BUDGET") < said.index("is deployed in the sandbox") < said.index("Monthly cost")


def test_within_budget_there_is_no_warning() -> None:
    assert "OVER BUDGET" not in text(summary(100_000))


def test_every_part_is_there_in_order() -> None:
    said = text(summary())
    parts = [
        "Resources",
        "Endpoints",
        "Monthly cost, list prices of 2026-07-07",
        "plus 1 part billed by use",
        "Assumed",
        "Next",
    ]
    places = [said.index(part) for part in parts]
    assert places == sorted(places)
    assert "10.0.0.5:6443" in said
    assert "http://qwen.serving.svc:8000/v1" in said
    assert "make down" in said


def test_resources_are_listed_by_layer_in_words() -> None:
    layers = {layer.noun: layer for layer in summary().layers}
    assert layers["network"].what == "1 VCN, 2 subnets"
    assert layers["network"].count == 3
    assert summary().total == 9, "components, providers and the stack are not counted"


def test_a_layer_has_its_cost() -> None:
    total = summary().cost.monthly_total
    assert sum(layer.monthly for layer in summary().layers) == pytest.approx(total)


def test_no_secret_and_no_kubeconfig_is_shown() -> None:
    said = text(summary()) + json.dumps(as_json(summary()))
    assert "[secret]" not in said
    assert "ciphertext" not in said


def test_endpoints_leave_out_what_is_not_known_yet() -> None:
    outputs = {"edge": {"address": UNKNOWN}, "buckets": [], "clusterEndpoint": "x:6443", "n": None}
    assert list(endpoints(outputs)) == [("Kubernetes API", "x:6443")]


def test_no_layer_has_an_empty_cost() -> None:
    entries = [*states.staging(), states.state("oci:Database/dbSystem:DbSystem", "base")]
    shown = summarise(from_export(states.export(entries)), PRICES, stack="staging")
    amounts = {layer.noun: layer.amount() for layer in shown.layers}
    assert amounts["network"] == "0"
    assert amounts["database"] == "unknown"
    assert amounts["storage"] == "by use"
    assert all(amounts.values())


def test_the_summary_ends_with_how_to_call_a_model() -> None:
    said = text(summary(), width=80)
    last = said[said.index("Models, from inside the cluster") :]
    assert "http://qwen.serving.svc:8000/v1" in last
    lines = [line.strip() for line in last.splitlines()]
    kubectl = "kubectl --kubeconfig kubeconfig --namespace serving port-forward service/qwen 8000"
    assert kubectl in lines, "a line to be typed is not wrapped"
    assert "curl http://127.0.0.1:8000/v1/chat/completions \\" in lines
    assert """--data '{"model":"qwen","messages":[{"role":"user","content":"Hello"}]}'""" in lines


def test_the_summary_says_how_a_tenant_calls_the_gateway() -> None:
    gateway = {"url": "https://models-gateway.envoy.svc.cluster.local:8443", "hostName": "models.example.com"}
    shown = summarise([], PRICES, stack="staging", outputs={**states.OUTPUTS, "modelGateway": gateway})
    said = text(shown, width=80)
    assert "modelGateway" not in said, "the name of an output is not a label"
    assert "Models, from inside the cluster, past the gateway" in said
    lines = [line.strip() for line in said.splitlines()]
    assert (
        "kubectl --kubeconfig kubeconfig --namespace envoy port-forward service/models-gateway 8443" in lines
    )
    assert "curl --connect-to models.example.com:8443:127.0.0.1:8443 \\" in lines
    assert "https://models.example.com:8443/v1/models" in lines
    assert as_json(shown)["call"]["gateway"]["host"] == "models.example.com"  # type: ignore[index]
    unknown = summarise([], PRICES, stack="staging", outputs={"modelGateway": {"url": UNKNOWN}})
    assert unknown.gateway is None


def test_the_summary_gives_the_addresses_of_the_databases() -> None:
    outputs = {"databaseAddresses": {"cache": "cache.example:6379", "oracle": UNKNOWN}}
    shown = summarise([], PRICES, stack="staging", outputs=outputs)
    assert shown.databases == {"cache": "cache.example:6379"}
    assert "cache.example:6379" in text(shown)


def test_a_second_up_says_that_nothing_changed() -> None:
    again = summary(changes={"same": 9})
    assert again.unchanged
    assert "nothing changed, 9 resources as before" in text(again)


def test_changes_are_counted_by_operation() -> None:
    changed = summary(changes={"same": 6, "create": 2, "update": 1, "delete": 0})
    assert not changed.unchanged
    assert "(2 created, 1 updated, with their components)" in text(changed)


def test_without_an_engine_the_summary_counts_no_changes() -> None:
    assert not summary().unchanged


def test_the_json_form_can_be_written_and_contains_the_cost() -> None:
    data = json.loads(json.dumps(as_json(summary())))
    assert data["overBudget"] is True
    assert data["next"] == [{"command": "make down", "what": "destroys everything"}]
    assert data["resources"] == 9


@pytest.mark.parametrize("width", [40, 80, 200])
def test_it_fits_the_terminal_except_for_the_commands(width: int) -> None:
    typed = ("kubectl", "curl", "--", "pulumi", "qwen  http")
    lines = text(summary(), width).splitlines()
    assert max(len(line) for line in lines if not line.strip().startswith(typed)) <= width


def test_text_of_the_program_is_not_read_as_markup() -> None:
    odd = [*states.staging(), states.state("oci:Redis/redisCluster:RedisCluster", "[bold]red[/nothing]")]
    shown = summarise(
        from_export(states.export(odd)), PRICES, stack="[staging]", next_steps=[("a [b]", "c [/d]")]
    )
    said = text(shown)
    assert "[staging]" in said
    assert "[bold]red[/nothing]" in said
    assert "c [/d]" in said


def test_an_empty_stack_has_a_summary_too() -> None:
    empty = summarise([], PRICES, stack="staging")
    assert "0 resources" in text(empty)
    assert empty.cost.monthly_total == 0


def test_receivers_that_must_confirm_are_named_until_they_have() -> None:
    def subscription(name: str, state: str) -> Resource:
        urn = f"urn:pulumi:staging::p::oci:Ons/subscription:Subscription::{name}"
        inputs = {"protocol": "EMAIL", "endpoint": f"{name}@example.com"}
        return Resource(
            urn=urn, type="oci:Ons/subscription:Subscription", name=name, inputs=inputs,
            outputs={**inputs, "state": state},
        )  # fmt: skip

    found = [subscription("on-call", "PENDING"), subscription("team", "ACTIVE")]
    shown = summarise(found, PRICES, stack="staging")
    said = text(shown)
    assert "must confirm within 3 days" in said
    assert "on-call: EMAIL" in said
    assert "team" not in said
    assert as_json(shown)["unconfirmed"] == ["on-call: EMAIL"]
    assert "confirm" not in text(summarise(found[1:], PRICES, stack="staging"))


def test_what_stays_after_a_destroy_is_said() -> None:
    token = "oci:CloudGuard/cloudGuardConfiguration:CloudGuardConfiguration"
    guard = Resource(urn="urn", type=token, name="guard", inputs={"status": "ENABLED"}, outputs={})
    shown = summarise([guard], PRICES, stack="prod")
    assert "After a destroy" in text(shown)
    assert "Cloud Guard stays enabled" in text(shown)
    assert as_json(shown)["staying"] == [
        "Cloud Guard stays enabled: disable it in the console if nothing else needs it"
    ]
    assert "After a destroy" not in text(summarise([], PRICES, stack="prod"))
