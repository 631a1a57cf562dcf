"""What a new environment needs that no program creates: secrets in its vault, and the gateway's certificate."""

from collections.abc import Iterator

from facts.charts import CHARTS
from infra.settings.platform.store_rules import read_secrets

from .draft import Source
from .names import Names


def to_create(source: Source, name: str) -> Iterator[str]:
    """A note for each place. Their names stay: each environment has its own vault and cluster, unless it shares one."""
    settings, names = source.settings, Names(source.name, name)
    generated = {f"{source.name}-{key}" for key in settings.vault.secrets}
    read = [each for each in read_secrets(settings.serving, settings.traffic) if each not in generated]
    listed = ", ".join(names.value("", each) for each in read)
    chart = settings.serving.platform.external_secrets
    if read and (settings.vault.existing or (chart and chart.vault_id)):
        yield f"{name} reads these secrets from the vault of {source.name}, unless you name others: {listed}"
    elif read:
        yield f"create these secrets by hand in the vault of {name}, when `up` has created it: {listed}"
    certificate = settings.traffic.certificate
    if certificate and certificate.existing:
        called, place = names.value("", certificate.existing), CHARTS["gateway"].namespace
        yield f"create the Secret {called} by hand in the namespace {place}, when `up` has created it"
