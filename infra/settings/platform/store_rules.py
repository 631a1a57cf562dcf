"""The secrets that the cluster reads from the vault, and the namespaces that may use them."""

from collections.abc import Iterator, Sequence

from components.vault.generated_secret import secret_name_problems as form_problems
from facts.charts import CHARTS
from facts.problem import Problem
from infra.settings.serving import Serving
from infra.settings.traffic import Traffic
from infra.settings.traffic.receiver_rules import receiver_secrets

HUB_TOKEN = "hub-token"  # noqa: S105  a name
"""Name of the Secret with the token of the models' hub, in each namespace whose models need it."""


def read_secrets(serving: Serving, traffic: Traffic) -> Sequence[str]:
    """Names, in the vault, of the secrets that the store reads."""
    chart, token = serving.platform.external_secrets, serving.hugging_face_token_in_vault
    keys = {key for tenant in traffic.tenants for key in tenant.keys}
    return sorted(
        {*(chart.secrets if chart else ()), *((token,) if token else ()), *keys, *receiver_secrets(traffic)}
    )


def store_namespaces(serving: Serving, traffic: Traffic) -> Sequence[str]:
    """Namespaces that may use the store: those that need the hub token, the gateway's for the tenants' keys,
    Alertmanager's for the receivers' secrets, and those in the settings."""
    chart = serving.platform.external_secrets
    homes = {model.team or serving.namespace for model in serving.models}
    homes |= {serving.weights.namespace} if serving.weights and homes else set[str]()
    token = homes if serving.hugging_face_token_in_vault else set[str]()
    keys = {CHARTS["gateway"].namespace} if traffic.tenants else set[str]()
    alerts = {CHARTS["prometheus"].namespace} if receiver_secrets(traffic) else set[str]()
    return sorted({*(chart.namespaces if chart else ()), *token, *keys, *alerts} or {serving.namespace})


def secret_name_problems(name: str, path: str) -> Iterator[Problem]:
    """A name that a secret in a vault cannot have."""
    if [*form_problems(name, "")]:
        allowed = "must be the name of a secret in the vault: 1 to 255 letters, digits, periods, - and _"
        fix = (
            "Name each secret: a pattern would also allow secrets that are created later"
            if "*" in name
            else ""
        )
        yield Problem(path, name, allowed, fix)


def store_problems(serving: Serving, traffic: Traffic) -> Iterator[Problem]:
    """Namespaces without secrets, and secrets that are named twice."""
    chart, path = serving.platform.external_secrets, "serving.platform.externalSecrets"
    if chart is None:
        return
    if chart.namespaces and not read_secrets(serving, traffic):
        allowed = "must not be set: no secret is named that they could read"
        yield Problem(
            f"{path}.namespaces", list(chart.namespaces), allowed, f"Name secrets in {path}.secrets"
        )
    for index, name in enumerate(chart.secrets):
        place = f"{path}.secrets[{index}]"
        yield from secret_name_problems(name, place)
        if name in chart.secrets[:index]:
            yield Problem(place, name, "must not be named twice")
