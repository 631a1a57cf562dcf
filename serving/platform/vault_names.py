"""Names of secrets in the vault, where someone could write the secret itself."""

import re
from collections.abc import Iterator
from itertools import pairwise

from facts.names import FORMS
from facts.ocids import parse_ocid
from facts.problem import Problem
from facts.secrets import secret_form

_NAME = re.compile(r"[A-Za-z0-9._-]+", re.ASCII)
_KEY_ITSELF = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9_]{24,}|[0-9a-f-]{32,36}", re.ASCII)
"""A random text without separate words, or a UUID. Names of secrets have words with hyphens or periods."""

_SHORTEST_KEY = 20
"""Letters and digits of a key in base64: 20 are 120 bits."""


def vault_name_problems(name: str, path: str, secret: str = "key") -> Iterator[Problem]:  # noqa: S107
    """A text that is the secret itself, which is never shown, or not the name of a secret. `secret` says what it is."""
    if parse_ocid(name):
        allowed = "must be the name of a secret in the vault, not its OCID"
        yield Problem(path, name, allowed, "The secret's page in the Console shows its name")
    elif is_key(name):
        allowed = f"must be the name of a secret in the vault, not the {secret} itself"
        fix = f"Store it in the vault, name the secret here, and revoke the {secret}, which was readable"
        yield Problem(path, "[hidden]", allowed, fix)
    elif not (_NAME.fullmatch(name) and len(name) <= FORMS["secret"].longest):
        allowed = "must be the name of a secret in the vault: 1 to 255 letters, digits, periods, - and _"
        # It may be a short key.
        yield Problem(path, name and "[hidden]", allowed)


def is_key(text: str) -> bool:
    """Whether a text is a key and not the name of one.

    In a random text of base64, most neighbours are of different kinds: capital, small letter, digit. In a name, fewer
    than a third are, even if every word begins with a capital.
    """
    kinds = ["digit" if each.isdigit() else each.isupper() for each in text if each.isalnum()]
    changes = sum(left != right for left, right in pairwise(kinds))
    mixed = len(kinds) >= _SHORTEST_KEY and 3 * changes >= len(kinds)
    return mixed or bool(secret_form(text) or _KEY_ITSELF.fullmatch(text))
