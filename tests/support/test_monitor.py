"""The strict monitor refuses every mistake that it documents, and records what Pulumi's mocks hide."""

import re

import pulumi
import pulumi_oci
import pytest
from pulumi_oci import core

from components.options import child, stateful
from infra.offline.recording import FormerPlace
from tests.support.monitor import UNKNOWN, Refused, oci_options, run


class Net(pulumi.ComponentResource):
    vcn_id: pulumi.Output[str]

    def __init__(
        self, name: str, opts: pulumi.ResourceOptions | None = None, *, kind: str = "genai:index:Net"
    ):
        super().__init__(kind, name, {}, opts)
        vcn = core.Vcn(
            f"{name}-vcn",
            core.VcnArgs(compartment_id="c", cidr_blocks=["10.0.0.0/16"]),
            opts=stateful(self, True, pulumi.ResourceOptions(aliases=[pulumi.Alias(name="old")])),
        )
        core.InternetGateway(
            f"{name}-internet",
            core.InternetGatewayArgs(
                compartment_id="c", vcn_id=vcn.id, display_name=pulumi.Output.secret("s")
            ),
            opts=child(self, pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(create="30m"))),
        )
        self.vcn_id = vcn.id
        self.register_outputs({"vcn_id": self.vcn_id})


def test_a_recording_holds_resources_options_secrets_and_exports():
    def program() -> None:
        pulumi.export("vcnId", Net("net", oci_options()).vcn_id)

    seen = run(program)
    vcn = seen.one("oci:Core/vcn:Vcn")
    gateway = seen.named("net-internet")
    assert (vcn.protect, vcn.retain_on_delete, vcn.aliases) == (True, True, (FormerPlace(name="old"),))
    assert vcn.urn == "urn:pulumi:test::genai-playground::genai:index:Net$oci:Core/vcn:Vcn::net-vcn"
    assert gateway.inputs["vcnId"] == "ocid1.vcn.oc1.iad.net-vcn"
    assert gateway.secrets == {"displayName"}
    assert gateway.custom_timeouts.create == "30m"
    assert gateway.depends_on == (vcn.urn,)
    assert seen.exports == {"vcnId": "ocid1.vcn.oc1.iad.net-vcn"}
    assert [each.name for each in seen.roots()] == ["net"]


def test_ids_are_unknown_in_a_preview():
    seen = run(lambda: Net("net", oci_options()) and None, preview=True)
    assert seen.named("net-internet").inputs["vcnId"] == UNKNOWN
    assert seen.named("net").outputs == {"vcn_id": UNKNOWN}


def test_a_run_leaves_nothing_for_the_next_run():
    first, second = (run(lambda: Net("net", oci_options()) and None) for _ in range(2))
    assert first.snapshot() == second.snapshot()


def test_a_urn_registered_twice_is_refused():
    def program() -> None:
        opts = oci_options()
        Net("net", opts)
        Net("net", opts)

    with pytest.raises(Refused, match="registered twice"):
        run(program)


def test_a_custom_resource_on_the_stack_is_refused():
    def program() -> None:
        core.Vcn("vcn", core.VcnArgs(compartment_id="c"), opts=oci_options())

    with pytest.raises(Refused, match="has the stack as its parent"):
        run(program)


def test_a_default_provider_is_refused():
    with pytest.raises(Refused, match="default provider"):
        run(lambda: Net("net") and None)


@pytest.mark.parametrize("kind", ["genai:Net", "genai:index:net", "other:index:Net", "genai:network:Net"])
def test_a_malformed_component_token_is_refused(kind: str):
    with pytest.raises(Refused, match="not a valid token"):
        run(lambda: Net("net", oci_options(), kind=kind) and None)


def test_a_child_that_is_not_named_after_its_component_is_refused():
    class Misnamed(pulumi.ComponentResource):
        def __init__(self, name: str, opts: pulumi.ResourceOptions):
            super().__init__("genai:index:Misnamed", name, {}, opts)
            core.Vcn("vcn", core.VcnArgs(compartment_id="c"), opts=child(self))
            self.register_outputs({})

    with pytest.raises(Refused, match="must start with its component's"):
        run(lambda: Misnamed("net", oci_options()) and None)


def test_a_component_without_registered_outputs_is_refused():
    class Unfinished(pulumi.ComponentResource):
        def __init__(self, name: str, opts: pulumi.ResourceOptions):
            super().__init__("genai:index:Unfinished", name, {}, opts)

    with pytest.raises(Refused, match="net never calls register_outputs"):
        run(lambda: Unfinished("net", oci_options()) and None)


def lookup(opts: pulumi.InvokeOutputOptions | None = None) -> None:
    services = core.get_services_output(opts=opts).services
    pulumi.export("first", services.apply(lambda found: found[0].cidr_block))


def with_provider() -> None:
    lookup(pulumi.InvokeOutputOptions(provider=pulumi_oci.Provider("oci")))


@pytest.mark.parametrize(
    ("token", "inputs", "says"),
    [
        ("oci:Core/vcm:Vcm", {}, "is no resource of the OCI provider"),
        ("oci:Core/vcn:Vcn", {}, "compartmentId is missing"),
        ("oci:Core/vcn:Vcn", {"compartmentId": "c", "cidr": "10.0.0.0/16"}, "cidr is no input"),
        ("oci:Core/vcn:Vcn", {"compartmentId": "c", "vcnDomainName": "a"}, "vcnDomainName is no input"),
        ("oci:Core/vcn:Vcn", {"compartmentId": 1}, "compartmentId is int and must be str"),
        (
            "oci:Core/vcn:Vcn",
            {"compartmentId": "c", "cidrBlocks": "a"},
            "cidrBlocks is str and must be a list",
        ),
        (
            "oci:Core/vcn:Vcn",
            {"compartmentId": "c", "cidrBlocks": [1]},
            "cidrBlocks[0] is int and must be str",
        ),
        (
            "oci:Core/vcn:Vcn",
            {"compartmentId": "c", "freeformTags": []},
            "freeformTags is list and must be a map",
        ),
        (
            "oci:Core/routeTable:RouteTable",
            {"compartmentId": "c", "vcnId": "v", "routeRules": [{"networkEntity": "g"}]},
            "routeRules[0].networkEntity is no input",
        ),
    ],
)
def test_inputs_that_the_provider_would_refuse_are_refused(token: str, inputs: dict[str, object], says: str):
    class Raw(pulumi.ComponentResource):
        def __init__(self, name: str, opts: pulumi.ResourceOptions):
            super().__init__("genai:index:Raw", name, {}, opts)
            pulumi.CustomResource(token, f"{name}-raw", inputs, child(self))
            self.register_outputs({})

    with pytest.raises(Refused, match=re.escape(says)):
        run(lambda: Raw("raw", oci_options()) and None)


def test_an_unknown_input_is_valid_for_every_type():
    assert run(lambda: Net("net", oci_options()) and None, preview=True).named("net-internet").inputs


def test_a_function_without_an_answer_is_refused():
    with pytest.raises(Refused, match="gives no answer"):
        run(with_provider)


def test_a_function_of_a_default_provider_is_refused():
    with pytest.raises(Refused, match="default provider"):
        run(lookup, calls={"oci:Core/getServices:getServices": lambda _: {}})


def test_a_function_gets_the_answer_of_the_test():
    answer = {"id": "x", "services": [{"cidrBlock": "all-iad", "id": "s", "name": "All", "description": ""}]}
    seen = run(with_provider, calls={"oci:Core/getServices:getServices": lambda _: answer})
    assert seen.exports == {"first": "all-iad"}


def test_exceptions_of_a_program_are_passed_on():
    def program() -> None:
        raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        run(program)
