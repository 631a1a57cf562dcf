"""The words of policies: OCI takes a policy whole or not at all, so one unknown word refuses every statement of it.

Which words there are stands, each with the page that it was read on, in `facts/policies/words.yaml`.
"""

import re
from collections.abc import Iterator

from facts.policies.words import VERBS, known, words
from sandbox.oci.errors import invalid_parameter
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import texts
from sandbox.oci.services.identity.principals import POLICY

_WHAT = re.compile(
    r"\s*(?:allow|deny)\s+(?P<subject>.+?)\s+to\s+"
    r"(?:\{(?P<permissions>[^}]*)\}|(?P<verb>[\w-]+)\s+(?P<types>[\w-]+(?:\s*,\s*[\w-]+)*))\s+in\s+.+",
    re.IGNORECASE | re.DOTALL,
)


@rule(POLICY, on="create update")
def words_of_statements(call: Call) -> None:
    """400: verbs, resource types, permissions and services that there are, in every statement."""
    for text in texts(call.inputs, "statements"):
        for noun, word in _unknown(text):
            raise invalid_parameter(f"Unable to parse policy statement: {text} (no {noun} is called {word})")


def _unknown(statement: str) -> Iterator[tuple[str, str]]:
    found = _WHAT.fullmatch(statement)
    if found is None:
        return  # across tenancies; and what cannot be read has been refused by the grammar
    vocabulary = words()
    kind, _, names = found["subject"].strip().partition(" ")
    used = {
        "service": (_several(names) if kind.lower() == "service" else [], vocabulary.services),
        "permission": (_several(found["permissions"]), vocabulary.permissions),
        "verb": (_several(found["verb"]), frozenset(VERBS)),
        "resource type": (_several(found["types"]), vocabulary.resource_types),
    }
    for noun, (given, allowed) in used.items():
        yield from ((noun, word) for word in given if not known(word, allowed))


def _several(text: str | None) -> list[str]:
    return [each for each in re.split(r"[\s,]+", text or "") if each]
