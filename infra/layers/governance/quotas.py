"""The quotas of the environment's compartment."""

import pulumi
from pulumi_oci import identity

from components.governance.compartment_quotas import CompartmentQuotas, CompartmentQuotasArgs
from infra.program.context import Context
from infra.settings import Settings
from infra.settings.governance.quota_needs import quota_needs
from infra.settings.governance.quota_rules import limits_of


def create_quotas(settings: Settings, context: Context) -> None:
    """Creates the quotas of what the settings need, before anything is created that they limit."""
    wanted = settings.governance.quotas
    if wanted is None:
        return
    needs = quota_needs(settings)
    compartment = pulumi.Output.from_input(context.compartment_id)
    args = CompartmentQuotasArgs(
        tenancy_id=context.tenancy_id,
        compartment_path=_path(settings, context),
        quota_name=context.name("quotas"),
        # It contains the OCID, so that the quotas come after a compartment that the program creates.
        description=compartment.apply(lambda ocid: f"Most that {settings.environment} may use in {ocid}"),
        limits=limits_of(needs, wanted.headroom_percent, wanted.limits),
        no_other_gpus=not wanted.other_gpus,
        statements=wanted.statements,
        tags=context.tags,
    )
    CompartmentQuotas(context.name("quotas"), args, context.in_home_region)


def _path(settings: Settings, context: Context) -> pulumi.Output[str]:
    """The names of the compartments from the root to the environment's own."""
    given, quotas = settings.tenancy.compartment_id, settings.governance.quotas
    above = [quotas.above] if quotas and quotas.above else []
    own = [settings.environment] if settings.identity.compartment == "created" else []
    if given == settings.tenancy.tenancy_id:
        return pulumi.Output.from_input(":".join([*above, *own]))
    found = identity.get_compartment_output(
        id=given, opts=pulumi.InvokeOutputOptions(provider=context.regional)
    )
    return found.name.apply(lambda name: ":".join([*above, name, *own]))
