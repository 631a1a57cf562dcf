"""What all sections of the settings share: strict types, camelCase keys, no unknown keys."""

import re
from typing import TYPE_CHECKING, Annotated, Any

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


class UnreadError(Exception):
    """A rule asked for a key whose value could not be read."""


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

    if not TYPE_CHECKING:  # Type checkers see pydantic's own, which know the fields.

        def __getattr__(self, name: str) -> Any:
            if name in type(self).model_fields:
                raise UnreadError(name)
            return super().__getattr__(name)

        def model_dump(self, **options: Any) -> dict[str, Any]:
            if not type(self).model_fields.keys() <= self.__dict__.keys():
                raise UnreadError(type(self).__name__)
            return super().model_dump(**options)


def hide(section: Section, loc: tuple[int | str, ...]) -> None:
    """Remove the value of a key, by its location in the section. A rule that asks for it then gets an UnreadError.

    A key within an entry of a list or of a mapping stays: the same rule checks the other entries.
    """
    *parents, last = loc
    holder: Any = section
    for step in parents:
        holder = holder.__dict__.get(_field(holder, step))
        if not isinstance(holder, Section):
            return
    vars(holder).pop(_field(holder, last), None)


def _field(section: Section, key: int | str) -> str:
    found = (name for name, field in type(section).model_fields.items() if key in (field.alias, name))
    return next(found, str(key))
