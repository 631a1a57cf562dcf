"""Rules for the certificate of the gateway of the models."""

from collections.abc import Iterator, Mapping
from typing import cast

from facts.problem import Problem
from facts.pydantic_words import MISSING
from infra.settings.platform.store_rules import HUB_TOKEN, read_secrets
from infra.settings.serving import Serving
from serving.gateway.gateway_rules import issuer_problems
from serving.gateway.secret_names import tls_secret_problems
from serving.watching.alertmanager import CONFIG_SECRET, secret_name

from . import Traffic
from .receiver_rules import receivers_of

PATH = "traffic.certificate"


def certificate_problems(serving: Serving, traffic: Traffic) -> Iterator[Problem]:
    """A gateway without a certificate, with two, or with the Secret of something else."""
    given, behind = traffic.certificate, traffic.gateway.backend_set is not None
    if not traffic.tenants:
        return
    if given is None:
        if not behind:
            fix = "Set `existing` or `issuer`, or gateway.backendSet behind the edge's load balancer"
            yield Problem(PATH, MISSING, "is required: keys must not be sent in plain text", fix)
        return
    if behind:
        allowed = "must not be set with gateway.backendSet: TLS ends at the edge's load balancer"
        yield Problem(PATH, "given", allowed, "Remove one of them")
    if (given.issuer is None) == (given.existing is None):
        yield Problem(PATH, "both" if given.issuer else "neither", "must be one of `issuer` and `existing`")
    if given.issuer is not None:
        yield from issuer_problems(given.issuer, f"{PATH}.issuer")
    if given.issuer is not None and serving.platform.cert_manager is None:
        fix = "Add serving.platform.certManager: {}"
        yield Problem(f"{PATH}.issuer", given.issuer, "needs cert-manager, which issues it", fix)
    if given.existing is not None:
        others = _others(serving, traffic)
        yield from tls_secret_problems(given.existing, traffic.tenants, f"{PATH}.existing", others)


def _others(serving: Serving, traffic: Traffic) -> Mapping[str, str]:
    """What other Secrets of these settings contain, in whatever namespace, and secrets of the vault."""
    receivers = "a secret of a receiver of alerts"
    pulls = [name for chart in serving.platform.chosen().values() for name in _pull_secrets(chart.values)]
    return {
        HUB_TOKEN: "the token of the models' hub",
        CONFIG_SECRET: "the configuration of Alertmanager",
        **{secret_name(each.name): receivers for each in receivers_of(traffic)},
        **dict.fromkeys(read_secrets(serving, traffic), "a secret of the vault"),
        **dict.fromkeys(pulls, "the login of a registry, in the values of a chart"),
    }


def _pull_secrets(values: object) -> Iterator[str]:
    """The names in lists such as `imagePullSecrets: [{name: registry}]`, wherever they are."""
    if not isinstance(values, Mapping):
        return
    for key, value in cast(Mapping[str, object], values).items():
        if not key.lower().endswith("pullsecrets"):
            yield from _pull_secrets(value)
        elif isinstance(value, list):
            for each in cast(list[object], value):
                name = cast(Mapping[str, object], each).get("name") if isinstance(each, Mapping) else each
                yield str(name)
