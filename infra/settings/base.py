"""What all sections of the settings share: strict types, camelCase keys, no unknown keys."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic.alias_generators import to_camel

NAME_PATTERN = r"^[a-z][a-z0-9-]{0,38}[a-z0-9]$"

Name = Annotated[
    str,
    Field(pattern=NAME_PATTERN, description="2 to 40 characters of a-z, 0-9 and -; starts with a letter."),
]
"""A name that becomes part of the names of cloud resources and Kubernetes objects. Kubernetes allows the least."""

ENCRYPTION_MARK = "x-encrypted"
"""Marks secrets in the schema of stack files: `always` encrypted, or `maybe` encrypted."""

Secret = Annotated[SecretStr, Field(json_schema_extra={ENCRYPTION_MARK: "always"})]
"""A value that must be encrypted in the stack file (`pulumi config set --secret --path …`)."""


class Section(BaseModel):
    """A part of the settings. Keys are camelCase in YAML. Editors show a field's docstring as its help."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="forbid",
        frozen=True,
        strict=True,
        use_attribute_docstrings=True,
        validate_by_alias=True,
        validate_by_name=False,
    )
