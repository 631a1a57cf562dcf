"""Which secrets the cluster reads from the vault, and which of its namespaces may ask for them."""

from collections.abc import Iterator, Sequence

from components.vault.generated_secret import secret_name_problems as form_problems
from facts.problem import Problem
from infra.settings.serving import Serving


def read_secrets(serving: Serving) -> Sequence[str]:
    """Names, as the vault has them, of the secrets that the store reads."""
    chart, token = serving.platform.external_secrets, serving.hugging_face_token_in_vault
    return sorted({*(chart.secrets if chart else ()), *((token,) if token else ())})


def store_namespaces(serving: Serving) -> Sequence[str]:
    """Namespaces that the store serves: those that get the hub's token, and those of the settings."""
    chart = serving.platform.external_secrets
    homes = {model.team or serving.namespace for model in serving.models}
    homes |= {serving.weights.namespace} if serving.weights and homes else set[str]()
    token = homes if serving.hugging_face_token_in_vault else set[str]()
    return sorted({*(chart.namespaces if chart else ()), *token} or {serving.namespace})


def secret_name_problems(name: str, path: str) -> Iterator[Problem]:
    """A name that no secret of a vault has."""
    if [*form_problems(name, "")]:
        allowed = "must be the name of a secret in the vault: 1 to 255 of letters, digits, periods, - and _"
        fix = "Name each of them: a pattern would open what comes later, too" if "*" in name else ""
        yield Problem(path, name, allowed, fix)


def store_problems(serving: Serving) -> Iterator[Problem]:
    """Secrets and namespaces that only make sense together."""
    chart, path = serving.platform.external_secrets, "serving.platform.externalSecrets"
    if chart is None:
        return
    if chart.namespaces and not read_secrets(serving):
        allowed = "must be left out: no secret is named that they could ask for"
        yield Problem(
            f"{path}.namespaces", list(chart.namespaces), allowed, f"Name secrets in {path}.secrets"
        )
    for index, name in enumerate(chart.secrets):
        place = f"{path}.secrets[{index}]"
        yield from secret_name_problems(name, place)
        if name in chart.secrets[:index]:
            yield Problem(place, name, "must stand once")
