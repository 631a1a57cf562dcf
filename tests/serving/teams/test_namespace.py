"""The namespace of the engines, and their shared token."""

import kubernetes_validate
import pulumi
import pytest

from facts.problem import InvalidInput
from serving.teams.namespace import ServingNamespace, ServingNamespaceArgs
from serving.weights.hub_token import HubToken, HubTokenArgs
from tests.support.monitor import UNKNOWN, kubernetes_options, run


def made(preview=False, **changes):
    def program():
        args = ServingNamespaceArgs(**{"namespace": "serving", **changes})
        space = ServingNamespace("space", args, kubernetes_options())
        pulumi.export("namespace", space.namespace)

    return run(program, preview=preview)


def labels(**changes):
    return made(**changes).named("space-namespace").inputs["metadata"]["labels"]


def test_the_baseline_level_is_enforced_with_warnings_of_the_restricted_one():
    found = labels()
    assert found["pod-security.kubernetes.io/enforce"] == "baseline"
    assert found["pod-security.kubernetes.io/warn"] == "restricted"


def test_another_level_and_more_labels_are_possible():
    found = labels(pod_security="restricted", labels={"team": "search"})
    assert found["pod-security.kubernetes.io/enforce"] == "restricted"
    assert found["team"] == "search"


def test_a_label_of_the_caller_does_not_weaken_the_level():
    found = labels(labels={"pod-security.kubernetes.io/enforce": "privileged"})
    assert found["pod-security.kubernetes.io/enforce"] == "baseline"


def test_the_namespace_passes_the_clusters_schema_and_is_an_output():
    recording = made()
    kubernetes_validate.validate(recording.named("space-namespace").inputs, "1.34", strict=True)
    assert recording.exports == {"namespace": "serving"}


def test_a_first_preview_shows_the_namespace():
    assert made(preview=True).named("space-namespace").inputs["metadata"]["name"] == "serving"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"namespace": "Serving"}, "space.namespace: 'Serving'; must be 1 to 63"),
        ({"namespace": "kube-system"}, "must not be a namespace of Kubernetes itself"),
        ({"pod_security": "baselin"}, "Did you mean `baseline`?"),
        ({"pod_security": "none"}, "must be one of privileged, baseline, restricted"),
    ],
)
def test_a_wrong_namespace_is_refused(changes, words):
    with pytest.raises(InvalidInput) as refused:
        made(**changes)
    assert words in str(refused.value)


def token(preview=False):
    def program():
        given = pulumi.Output.secret("hf_sesame")
        hub = HubToken("hub", HubTokenArgs(namespace="serving", token=given), kubernetes_options())
        pulumi.export("secret", hub.secret_name)

    return run(program, preview=preview)


def test_the_token_is_secret_in_the_inputs_and_in_the_outputs():
    recording = token()
    secret = recording.named("hub-secret")
    assert secret.inputs["stringData"] == {"token": "hf_sesame"}
    assert "stringData" in secret.secrets
    assert recording.exports == {"secret": "hub"}
    assert "sesame" not in str(recording.named("hub").outputs)


def test_a_token_in_plain_text_becomes_secret():
    def program():
        HubToken("hub", HubTokenArgs(namespace="serving", token="hf_sesame"), kubernetes_options())

    assert "stringData" in run(program).named("hub-secret").secrets


def test_the_secret_passes_the_clusters_schema_and_survives_a_first_preview():
    kubernetes_validate.validate(token().named("hub-secret").inputs, "1.34", strict=True)
    assert token(preview=True).named("hub-secret").inputs["metadata"]["namespace"] != UNKNOWN


def from_vault(preview=False, **changes):
    def program():
        given = {"namespace": "serving", "vault_secret": "hub-token", "vault_store": "vault", **changes}
        hub = HubToken("hub", HubTokenArgs(**given), kubernetes_options())
        pulumi.export("secret", hub.secret_name)

    return run(program, preview=preview)


def test_a_token_of_the_vault_is_read_in_the_cluster_and_never_by_the_program():
    recording = from_vault()
    (made,) = recording.children(recording.named("hub"))
    assert made.inputs["kind"] == "ExternalSecret"
    assert made.inputs["spec"]["target"] == {"name": "hub", "creationPolicy": "Owner"}
    assert recording.exports == {"secret": "hub"}
    assert len(from_vault(preview=True).resources) == len(recording.resources)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"token": "hf_sesame"}, "hub.token: ''; must be set, or vaultSecret must, but not both"),
        ({"vault_secret": None}, "hub.token: ''; must be set, or vaultSecret must, but not both"),
        ({"vault_store": None}, "hub.vaultStore: ''; is required with vaultSecret"),
    ],
)
def test_a_token_without_a_source_or_with_two_is_refused(changes, words):
    with pytest.raises(InvalidInput) as refused:
        from_vault(**changes)
    assert words in str(refused.value)
