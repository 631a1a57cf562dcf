"""What every layer needs in addition to its settings: providers, compartment, names, tags, protection."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pulumi
import pulumi_oci as oci
from pulumi_oci import identity

from components.identity.settle import DEFAULT_SECONDS
from facts.product import CREATOR_TAG, NAME
from facts.regions import HOME_PROVIDER, REGIONS
from infra.settings import Settings
from infra.settings.tenancy import OWN_TAGS, protects

IGNORED_TAGS = ("Oracle-Tags.CreatedBy", "Oracle-Tags.CreatedOn", ".".join(CREATOR_TAG))
"""Tags that OCI sets itself, by defaults of the tenancy's root compartment. If they were not ignored, every preview
would remove them: DefinedTagsDiffSuppressFunction in internal/tfresource/tags_helper.go of terraform-provider-oci."""

Ids = pulumi.Output[Mapping[str, str]]
"""OCIDs by role or name, known once they are created."""


@dataclass(frozen=True, kw_only=True)
class Context:
    """One run of the program for one environment."""

    environment: str
    compartment_id: pulumi.Input[str]
    """The compartment of the environment, from the settings or an output of this run."""

    tenancy_id: str
    region: str
    tags: Mapping[str, str]
    """Free-form tags for every resource that supports tags."""

    protect: bool
    """Whether resources with data are protected from deletion and kept by `destroy`."""

    sandbox: bool
    """Whether the engine runs on the sandbox's stand-ins."""

    regional: oci.Provider
    """Provider of the environment's region."""

    home: oci.Provider
    """Provider of the tenancy's home region, where identity resources and budgets are created."""

    second: oci.Provider | None
    """Provider of the region for copies of data; None if the settings do not set it."""

    second_region: str | None

    availability_domains: tuple[pulumi.Output[str], ...]
    """Names of the region's availability domains in order, e.g. `Uocm:US-ASHBURN-AD-1`."""

    def name(self, noun: str) -> str:
        """A name such as `prod-network`. It is unique in the tenancy and shows its environment in the console."""
        return f"{self.environment}-{noun}"

    def within(self, compartment_id: pulumi.Input[str]) -> "Context":
        """The same context in another compartment."""
        return replace(self, compartment_id=compartment_id)

    @property
    def own_kubeconfig(self) -> bool:
        """Whether the sandbox uses the user's own kubeconfig file, SANDBOX_KUBECONFIG."""
        return self.sandbox and bool(os.environ.get("SANDBOX_KUBECONFIG"))

    @property
    def in_region(self) -> pulumi.ResourceOptions:
        """Options of a component in the environment's region."""
        return pulumi.ResourceOptions(providers=[self.regional])

    @property
    def in_home_region(self) -> pulumi.ResourceOptions:
        """Options of a component in the tenancy's home region."""
        return pulumi.ResourceOptions(providers=[self.home])

    def in_second_region(self, name: str) -> tuple[str, pulumi.ResourceOptions]:
        """Name and options of a component in the second region. The rules for the settings ensure that it is set.

        The name has the region, like the provider's: so a new region makes new resources there, and the old ones are
        deleted where they are. With the same names the engine would call the new region for what is in the old one:
        pulumi-oci's DiffConfig does not replace the resources of a provider with another region.
        """
        assert self.second is not None  # noqa: S101  the rules refuse copies without it
        former = [pulumi.Alias(name=name)]
        options = pulumi.ResourceOptions(providers=[self.second], aliases=former)
        return f"{name}-{self.second_region}", options


def on_sandbox() -> bool:
    """Whether the sandbox's command started this run."""
    return os.environ.get("SANDBOX") == "1"


def settle_seconds(settings: Settings, context: Context) -> int:
    """Seconds to wait before a grant is used. On the sandbox grants work at once: 0 unless the settings set a value."""
    wanted = settings.identity.settle_seconds
    return wanted if wanted is not None else 0 if context.sandbox else DEFAULT_SECONDS


def create_context(settings: Settings) -> Context:
    """The context of the settings' environment, with its providers."""
    tenancy = settings.tenancy
    tags = dict(zip(OWN_TAGS, (NAME, settings.environment, "pulumi"), strict=True))
    regional = _provider("oci", settings, tenancy.region)
    return Context(
        environment=settings.environment,
        compartment_id=tenancy.compartment_id,
        tenancy_id=tenancy.tenancy_id,
        region=tenancy.region,
        tags={**tenancy.tags, **tags},
        protect=protects(tenancy, settings.environment),
        sandbox=on_sandbox(),
        regional=regional,
        home=_provider(HOME_PROVIDER, settings, tenancy.identity_region),
        second=_second(settings, tenancy.second_region) if tenancy.second_region else None,
        second_region=tenancy.second_region,
        availability_domains=_domains(settings, regional),
    )


def _domains(settings: Settings, provider: oci.Provider) -> tuple[pulumi.Output[str], ...]:
    """One output for each domain. The region gives their number; only the tenancy gives their names."""
    found = identity.get_availability_domains_output(
        compartment_id=settings.tenancy.tenancy_id, opts=pulumi.InvokeOutputOptions(provider=provider)
    ).availability_domains
    count = REGIONS[settings.tenancy.region].availability_domains
    return tuple(found.apply(lambda domains, i=index: domains[i].name) for index in range(count))


def _second(settings: Settings, region: str) -> oci.Provider:
    """Its name has the region, so that the provider of the old region stays until its resources are deleted."""
    former = pulumi.ResourceOptions(aliases=[pulumi.Alias(name="oci-second")])
    return _provider(f"oci-{region}", settings, region, former)


def _provider(
    name: str, settings: Settings, region: str, options: pulumi.ResourceOptions | None = None
) -> oci.Provider:
    tenancy, tags = settings.tenancy, settings.governance.tags
    return oci.Provider(
        name,
        oci.ProviderArgs(
            auth=tenancy.auth,
            config_file_profile=tenancy.config_file_profile,
            ignore_defined_tags=[*IGNORED_TAGS, *(tags.ignored if tags else ())],
            region=region,
        ),
        options,
    )
