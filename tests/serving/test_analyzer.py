"""The components can be used from any language: Pulumi's analyzer reads their arguments."""

from pulumi.provider.experimental.analyzer import Analyzer

from infra.package.classes import components


def analyzed():
    found = Analyzer("genai").analyze(
        [kind for kind in components() if kind.__module__.startswith("serving.")]
    )
    return found["component_definitions"]


def test_the_analyzer_reads_every_component_and_which_inputs_are_required():
    server = analyzed()["ModelServer"]
    required = {name for name, each in server.inputs.items() if not each.optional}
    assert required == {"namespace", "model", "image", "shape"}
    assert set(server.outputs) == {"url", "modelName", "serviceName"}


def test_every_input_has_a_description():
    for component in analyzed().values():
        for name, each in component.inputs.items():
            assert each.description, f"{component.name}.{name} needs a docstring"
