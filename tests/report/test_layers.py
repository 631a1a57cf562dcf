from facts.components import BY_NOUN
from report.layers import by_layer, in_order, layer_of
from report.resources import from_export, from_state
from tests.report import states


def test_a_resource_belongs_to_the_noun_of_its_component() -> None:
    assert layer_of(from_state(states.gpu_pool())) == "gpu", "although its type is the cluster service's"
    assert layer_of(from_state(states.vcn())) == "network"


def test_the_outermost_known_component_decides() -> None:
    inner = states.state("genai:index:GpuPool$genai:index:VirtualNetwork$oci:Core/vcn:Vcn", "x")
    assert layer_of(from_state(inner)) == "gpu"
    foreign = states.state("genai:index:Unheard$genai:index:GpuPool$oci:Core/vcn:Vcn", "x")
    assert layer_of(from_state(foreign)) == "gpu"


def test_without_a_component_the_service_decides() -> None:
    assert layer_of(from_state(states.state("oci:Core/vcn:Vcn", "x"))) == "network"
    assert layer_of(from_state(states.state("kubernetes:core/v1:Namespace", "x"))) == "serving"
    assert layer_of(from_state(states.state("random:index/x:X", "x"))) == "other"
    assert layer_of(from_state(states.state("oci:Blockchain/osn:Osn", "x"))) == "other"


def test_layers_come_in_the_order_of_the_nouns_without_components_and_providers() -> None:
    layers = by_layer(from_export(states.export(states.staging())))
    assert list(layers) == [noun for noun in BY_NOUN if noun in layers]
    assert [r.name for r in layers["network"]] == ["network-vcn", "network-public", "network-private"]
    assert sum(map(len, layers.values())) == 9


def test_the_order_of_resources_does_not_depend_on_that_of_their_registration() -> None:
    resources = from_export(states.export(states.staging()))
    ordered = in_order(resources)
    assert in_order(reversed(resources)) == ordered
    assert sorted(each.urn for each in ordered) == sorted(each.urn for each in resources)
    nouns = [layer_of(each) for each in ordered]
    assert nouns == sorted(nouns, key=[*BY_NOUN, "other"].index)
