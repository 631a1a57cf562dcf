"""Finds the keys of this project in a configuration, and misspelt keys, which the engine ignores silently."""

from collections.abc import Iterator, Mapping

from facts.problem import Problem, nearest, suggestion
from facts.product import NAME
from facts.pydantic_words import UNKNOWN

PROJECT = NAME

_ENGINE, _OCI, _KUBERNETES = "pulumi", "oci", "kubernetes"

_OF_THE_TENANCY: Mapping[str, str] = {
    "region": "region",
    "auth": "auth",
    "configFileProfile": "configFileProfile",
    "tenancyOcid": "tenancyId",
}
"""Keys of the OCI provider, and the keys of `tenancy` with the same meaning."""


def sections_in(config: Mapping[str, object]) -> tuple[dict[str, object], list[Problem]]:
    """The sections by name, and the problems of the keys. The keys of `config` are `namespace:name`.

    Keys of the engine and of other programs are allowed, unless they look like ours. A section under a misspelt prefix
    is still read, so that its problems are reported too. Keys of the two providers are refused: they configure default
    providers, and the program uses only explicit ones, which inherit nothing from them. Source: Pulumi's page
    "Providers" (docs/iac/concepts/providers), "Default and explicit providers".
    """
    from infra.settings.sections import SECTIONS  # noqa: PLC0415  see infra/settings/__init__.py

    own = {name: content for namespace, name, content in _split(config) if namespace == PROJECT}
    others = [each for each in _split(config) if each[0] != PROJECT]
    foreign = sorted({namespace for namespace, *_ in others} - {_ENGINE, _OCI, _KUBERNETES})
    if foreign and not own and not any(nearest(namespace, [PROJECT]) for namespace in foreign):
        return own, [_another_projects(foreign)]
    problems: list[Problem] = []
    for namespace, name, content in others:
        if namespace in (_OCI, _KUBERNETES) and not _is_a_section(content):
            problems.append(_of_a_provider(namespace, name))
        elif name in SECTIONS or nearest(namespace, [PROJECT]):
            meant = name if name in SECTIONS else nearest(name, SECTIONS) or name
            problems.append(_misspelt(f"{namespace}:{name}", meant))
            own.setdefault(meant, content)
    return own, problems


def _is_a_section(content: object) -> bool:
    return isinstance(content, Mapping)


def _split(config: Mapping[str, object]) -> Iterator[tuple[str, str, object]]:
    for key, content in config.items():
        namespace, _, name = key.partition(":")
        yield namespace, name.removeprefix("config:"), content


def _misspelt(key: str, meant: str) -> Problem:
    allowed = "is ignored, because the prefix is not this project's"
    return Problem(key, UNKNOWN, allowed, suggestion(f"{PROJECT}:{meant}"))


def _of_a_provider(namespace: str, name: str) -> Problem:
    allowed = "is ignored, because the program configures its providers itself"
    fix = "Remove it: the program uses the cluster that it creates"
    if namespace == _OCI:
        key = _OF_THE_TENANCY.get(name)
        ways = "`tenancy.auth` and `tenancy.configFileProfile` choose the credentials"
        fix = f"Set `tenancy.{key}` of `{PROJECT}` instead" if key else f"Remove it: {ways}"
    return Problem(f"{namespace}:{name}", UNKNOWN, allowed, fix)


def _another_projects(namespaces: list[str]) -> Problem:
    fix = f"The keys of this project begin with `{PROJECT}:`"
    return Problem("config", ", ".join(namespaces), "is the configuration of another project", fix)
