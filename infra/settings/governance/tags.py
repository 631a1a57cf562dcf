"""The defined tags of every resource: cost centre, environment, owner and data classification."""

from collections.abc import Mapping

from pydantic import Field

from components.governance.tag_namespace import TagKeyArgs
from infra.settings.base import Section

IGNORED = "governance.tags.ignored"
"""Path of the setting with the tags of others."""

CLASSES = ("public", "internal", "confidential", "restricted")
"""The values of the key DataClassification."""


class MoreTag(Section):
    """One more key of the namespace."""

    description: str = "A tag of this environment"
    """What a value of the key says."""

    value: str | None = None
    """Value on every resource of the environment, 256 characters at most. Default: none; only the key exists."""

    values: tuple[str, ...] = ()
    """The only values that the key accepts, 100 at most. Default: any value."""

    required: bool = False
    """Whether OCI refuses resources without a value in the compartment. It needs `value`."""


class TagSettings(Section):
    """Defined tags of every resource that takes them."""

    namespace: str | None = None
    """Name of the tag namespace, unique in the tenancy. Default: `<stack>-genai`, so that each environment owns the
    keys that it uses."""

    manage: bool = True
    """Whether the program creates the namespace, its keys and the defaults of the compartment. If not, they must exist:
    CostCentre, Environment, Owner, DataClassification, and those in `more`."""

    cost_centre: str
    """Value of CostCentre, by which cost reports can be grouped."""

    owner: str
    """Value of Owner: the team that answers for the environment."""

    data_classification: str
    """Value of DataClassification: `public`, `internal`, `confidential` or `restricted`."""

    more: dict[str, MoreTag] = Field(default_factory=dict[str, MoreTag])
    """More keys of the namespace."""

    ignored: tuple[str, ...] = ()
    """Tags of others, as `NAMESPACE.KEY`, that the provider leaves alone: from defaults of a parent compartment, or of
    another stack in the same compartment. Without them, each `up` would remove such tags."""

    def keys(self, environment: str) -> Mapping[str, TagKeyArgs]:
        """The keys of the namespace, with the environment's values."""
        return {
            "CostCentre": TagKeyArgs(description="Who pays", value=self.cost_centre, cost_tracking=True),
            "Environment": TagKeyArgs(description="The stack that creates the resource", value=environment),
            "Owner": TagKeyArgs(description="The team that answers for the resource", value=self.owner),
            "DataClassification": TagKeyArgs(
                description="How confidential the data is", value=self.data_classification, values=CLASSES
            ),
            **{
                key: TagKeyArgs(
                    description=each.description,
                    value=each.value,
                    values=each.values,
                    required=each.required,
                )
                for key, each in self.more.items()
            },
        }

    def name(self, environment: str) -> str:
        """The name of the namespace."""
        return self.namespace if self.namespace is not None else f"{environment}-genai"

    def values(self, environment: str) -> Mapping[str, str]:
        """The values of every resource, by key."""
        return {key: each.value for key, each in self.keys(environment).items() if each.value is not None}

    def defined(self, environment: str) -> Mapping[str, str]:
        """The values of every resource, by `NAMESPACE.KEY`."""
        return {f"{self.name(environment)}.{key}": value for key, value in self.values(environment).items()}
