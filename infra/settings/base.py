"""What every section of the settings shares: strict types, camelCase keys, no unknown key."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic.alias_generators import to_camel

NAME_PATTERN = r"^[a-z][a-z0-9-]{0,38}[a-z0-9]$"

Name = Annotated[
    str, Field(pattern=NAME_PATTERN, description="2 to 40 of a-z, 0-9 and -; starts with a letter.")
]
"""A name that ends up in names of cloud resources and of Kubernetes objects, which allow the least."""

ENCRYPTION_MARK = "x-encrypted"
"""Marks secrets for the schema of stack files: `always` encrypted, or `maybe`."""

Secret = Annotated[SecretStr, Field(json_schema_extra={ENCRYPTION_MARK: "always"})]
"""A value that must stand encrypted in the stack file (`pulumi config set --secret --path …`)."""


class Section(BaseModel):
    """A part of the settings. Keys are camelCase in YAML; a field's docstring is its help in editors."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="forbid",
        frozen=True,
        strict=True,
        use_attribute_docstrings=True,
        validate_by_alias=True,
        validate_by_name=False,
    )
