"""What all sections of the settings share: strict types, camelCase keys, no unknown keys."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationInfo
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticKnownError

from facts.pydantic_words import NAME_PATTERN

ANY_NAME = "any name"
"""As the context of a validation: invalid names are accepted, so that the rest of a section can be read."""


def _checked(text: str, info: ValidationInfo) -> str:
    if info.context != ANY_NAME and not re.fullmatch(NAME_PATTERN, text):
        raise PydanticKnownError("string_pattern_mismatch", {"pattern": NAME_PATTERN})
    return text


Name = Annotated[
    str,
    AfterValidator(_checked),
    Field(
        description="2 to 40 characters of a-z, 0-9 and -; starts with a letter.",
        json_schema_extra={"pattern": NAME_PATTERN},
    ),
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
