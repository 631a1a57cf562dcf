"""Names of the source's environment in values and comments, and names that only one environment can have."""

import re
from dataclasses import dataclass

from facts.names import DIGEST, EMAIL
from facts.ocids import parse_ocid
from infra.schema.fixed import fixed_paths

DATABASE = "database.oracle.dbName"
_LONGEST_DATABASE = 28
"""Of 30 characters, two remain for the names of replicas (R1, R2 …)."""


@dataclass(frozen=True)
class Names:
    """The names of the source and of the new stack, and the DNS zone of the source, if it has one."""

    old: str
    new: str
    zone: str | None = None

    def comment(self, text: str) -> str:
        """A comment with the new name in place of the old one."""
        return self._words(text)

    def value(self, path: str, text: str) -> str:
        """A value with the new name. Addresses of web pages, e-mail addresses, OCIDs, digests, and values that
        the schema lists are not changed."""
        if path == DATABASE:
            return self._database(text)
        fixed = "://" in text or EMAIL.fullmatch(text) or DIGEST.fullmatch(text) or parse_ocid(text)
        if fixed or fixed_paths().fullmatch(path):
            return text
        renamed = self._words(text)
        if renamed == text and self.zone and (text == self.zone or text.endswith(f".{self.zone}")):
            return f"{text.removesuffix(self.zone)}{self.new}.{self.zone}"
        return renamed

    def _words(self, text: str) -> str:
        return re.sub(rf"(?<![A-Za-z0-9]){re.escape(self.old)}(?![A-Za-z0-9])", self.new, text)

    def _database(self, text: str) -> str:
        """The name of a database is unique in the tenancy."""
        old, new = self.old.replace("-", ""), self.new.replace("-", "")
        if old in text and len(renamed := text.replace(old, new)) <= _LONGEST_DATABASE:
            return renamed
        return (text[: max(_LONGEST_DATABASE - len(new), 1)] + new)[:_LONGEST_DATABASE]
