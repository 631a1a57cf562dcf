"""Checks of a statement: words that OCI does not know, and grants that are too wide."""

from collections.abc import Iterable, Iterator

from facts.ocids import parse_ocid
from facts.problem import Problem, did_you_mean
from facts.regions import REGIONS

from .conditions import All, Condition, Test, tests
from .conditions import Any as AnyOf
from .grammar import Unreadable, parse_statement
from .statement import Anyone, Service, Statement
from .subjects import ids_of
from .words import VERBS, known, region_of_service, words

_EVERYTHING = "all-resources"
_PRINCIPAL_VARIABLES = ("request.principal.", "request.user.", "request.groups.", "request.networksource.")


def statement_problems(text: str | Statement, *, path: str) -> Iterator[Problem]:
    """Problems of a statement, given as text or as a value."""
    statement = parse_statement(text) if isinstance(text, str) else text
    if isinstance(statement, Unreadable):
        yield Problem(path, str(text), statement.reason)
        return
    yield from _word_problems(statement, path)
    yield from _id_problems(statement, path)
    yield from _reach_problems(statement, path)


def _word_problems(statement: Statement, path: str) -> Iterator[Problem]:
    vocabulary = words()
    subject, verbs = statement.subject, frozenset(VERBS)
    services = subject.name.split(",") if isinstance(subject, Service) else []
    variables = [test.variable for test in tests(statement.where)]
    yield from _unknown(path, services, "a service of OCI", vocabulary.services)
    yield from _wrong_places(path, services)
    if statement.permissions:
        yield from _unknown(path, statement.permissions, "a permission of OCI", vocabulary.permissions)
    else:
        yield from _unknown(path, [statement.verb], f"one of {', '.join(VERBS)}", verbs)
        yield from _unknown(path, [statement.resource], "a resource type of OCI", vocabulary.resource_types)
    yield from _unknown(path, variables, "a variable of OCI's conditions", vocabulary.variables)
    yield from _misspelled_principals(statement, path, vocabulary.principals)


def _unknown(path: str, given: Iterable[str], allowed: str, vocabulary: frozenset[str]) -> Iterator[Problem]:
    for word in map(str.strip, given):
        if not known(word, vocabulary):
            yield Problem.not_one_of(path, word, vocabulary, f"must be {allowed}")


def _wrong_places(path: str, services: Iterable[str]) -> Iterator[Problem]:
    """Services of a region or a realm that does not exist."""
    for service in map(str.strip, services):
        place = region_of_service(service)
        if place is not None and place not in REGIONS:
            yield Problem.not_one_of(
                path, service, REGIONS, "must end in the name of a region", shown=service
            )


def _id_problems(statement: Statement, path: str) -> Iterator[Problem]:
    """OCIDs of other things than a group or a compartment. OCI would refuse the whole policy."""
    for ocid in ids_of(statement.subject):
        yield from _wrong_id(path, ocid, "group", "dynamicgroup")
    if statement.place.compartment_id is not None:
        yield from _wrong_id(path, statement.place.compartment_id, "compartment", "tenancy")


def _wrong_id(path: str, ocid: str, *types: str) -> Iterator[Problem]:
    found = parse_ocid(ocid)
    if found is None or found.resource_type not in types:
        yield Problem(path, ocid, f"must be the OCID of a {' or a '.join(types)}")


def _misspelled_principals(statement: Statement, path: str, vocabulary: frozenset[str]) -> Iterator[Problem]:
    """Types of principals that look like misspelled known ones. OCI accepts any text, so other types may be right."""
    for test in tests(statement.where):
        if test.variable.lower() != "request.principal.type":
            continue
        for value in (test.value,) if isinstance(test.value, str) else test.value:
            guess = "" if known(value, vocabulary) else did_you_mean(value, vocabulary)
            if guess:
                yield Problem(path, value, "must be a type of principal", guess)


def _reach_problems(statement: Statement, path: str) -> Iterator[Problem]:
    """Grants that are too wide. Deny statements may be wide."""
    if statement.kind != "Allow":
        return
    if statement.resource.lower() == _EVERYTHING and statement.verb == "manage":
        fix = "Name each family that is needed in its own statement"
        yield Problem(path, str(statement), f"must not grant `manage {_EVERYTHING}`", fix)
    if isinstance(statement.subject, Anyone) and not _names_principal(statement.where):
        fix = "Name the principal in a condition, e.g. request.principal.type = 'nodepool'"
        allowed = f"must not grant to `{statement.subject}` without conditions on the principal"
        yield Problem(path, str(statement), allowed, fix)


def _names_principal(condition: Condition | None) -> bool:
    """Whether a condition is true only for named principals, and not for anyone who uses the right target."""
    if isinstance(condition, Test):
        return condition.operator in ("=", "in") and condition.variable.lower().startswith(
            _PRINCIPAL_VARIABLES
        )
    if isinstance(condition, All):
        return any(map(_names_principal, condition.conditions))
    return isinstance(condition, AnyOf) and all(map(_names_principal, condition.conditions))
