"""Secrets in plain text are refused everywhere, never repeated, and the advice works."""

import re
from collections.abc import Iterator
from typing import get_args

import pytest
from pydantic import BaseModel

from infra.settings import SECTIONS, examine
from infra.settings.base import ENCRYPTION_MARK
from infra.settings.values.secrets import ENCRYPTABLE
from tests.infra.settings.examples import Change, config

TOKEN = "hf_" + "aB3" * 8
ENVIRONMENT = "serving.models.0.environment"
KEY = "gpu.pools.0.sshPublicKey"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ((ENVIRONMENT, {"DB_PASSWD": "sesame-sesame"}), "serving.models[0].environment.DB_PASSWD"),
        ((ENVIRONMENT, {"X": "AKIASESAMESESAMESESA"}), "serving.models[0].environment.X"),
        ((ENVIRONMENT, {"X": "Authorization: Bearer sesame123sesame"}), "serving.models[0].environment.X"),
        (("tenancy.tags", {"Wiki": "https://me:sesame@wiki/x"}), "tenancy.tags.Wiki"),
        (("cluster.addons", {"X": {"configurations": {"password": "sesame"}}}),
         "cluster.addons.X.configurations.password"),
        (("serving.platform", {"prometheus": {"values": {"grafana": {"adminPassword": "sesame"}}}}),
         "serving.platform.prometheus.values.grafana.adminPassword"),
        (("serving.platform", {"prometheus": {"values": {"grafana": {"adminPassword": 12345678}}}}),
         "serving.platform.prometheus.values.grafana.adminPassword"),
        (("serving.platform", {"prometheus": {"values": {"env": [{"name": "API_KEY", "value": "sesame"}]}}}),
         "serving.platform.prometheus.values.env[0].value"),
        (("serving.platform", {"prometheus": {"values": {"args": ["--api-key", "sesame"]}}}),
         "serving.platform.prometheus.values.args[1]"),
        ((KEY, "-----BEGIN OPENSSH PRIVATE KEY-----\nsesame"), "gpu.pools[0].sshPublicKey"),
        ((KEY, "sesame"), "gpu.pools[0].sshPublicKey"),
    ],
)  # fmt: skip
def test_a_secret_is_refused_at_its_path_and_not_repeated(change: Change, told: str):
    problems = examine(config(change), "test").problems
    assert told in [problem.path for problem in problems]
    assert not any(re.search("sesame|12345678", f"{problem}", re.IGNORECASE) for problem in problems)


@pytest.mark.parametrize("place", ["values.grafana.x", "values.list[0]"])
def test_a_value_that_a_chart_would_show_is_refused_even_if_encrypted(place: str):
    values = {"grafana": {"x": "[encrypted]"}} if "grafana" in place else {"list": ["[encrypted]"]}
    path = f"serving.platform.prometheus.{place}"
    spoilt = config(("serving.platform", {"prometheus": {"values": values}}))
    assert examine(spoilt, "test").problems == []
    (problem,) = examine(spoilt, "test", encrypted={path}).problems
    assert problem.path == path
    assert "not even encrypted" in problem.allowed


def test_no_other_message_repeats_a_secret():
    problems = examine(config(("tenancy.region", TOKEN), ("serving.models.0.pool", TOKEN)), "test").problems
    assert {"tenancy.region", "serving.models[0].pool"} <= {problem.path for problem in problems}
    assert TOKEN not in "".join(map(str, problems))


def test_encryption_is_suggested_only_where_an_encrypted_value_is_accepted():
    token = config(("serving.huggingFaceToken", TOKEN))
    (problem,) = examine(token, "test").problems
    assert "must be encrypted" in problem.allowed
    assert examine(token, "test", encrypted={problem.path}).problems == []


@pytest.mark.parametrize("encrypted", [False, True])
def test_the_advice_for_a_token_in_the_environment_works(encrypted: bool):
    path = "serving.models[0].environment.HF_TOKEN"
    spoilt = config((ENVIRONMENT, {"HF_TOKEN": "[encrypted]" if encrypted else TOKEN}))
    (problem,) = examine(spoilt, "test", encrypted={path} if encrypted else ()).problems
    assert problem.path == path
    assert "must be encrypted" not in str(problem)
    assert "serving.huggingFaceTokenInVault" in problem.fix
    followed = config(("serving.huggingFaceToken", "[encrypted]"))
    assert examine(followed, "test", encrypted={"serving.huggingFaceToken"}).problems == []
    vault = [("serving.huggingFaceTokenInVault", "hub-token"), ("serving.platform", {"externalSecrets": {}})]
    assert examine(config(*vault), "test").problems == []


def _marked(model: type[BaseModel], path: str) -> Iterator[str]:
    """Paths of the fields that can be encrypted."""
    for name, field in model.model_fields.items():
        place = f"{path}.{field.alias or name}"
        if isinstance(field.json_schema_extra, dict) and ENCRYPTION_MARK in field.json_schema_extra:
            yield place
        inner = _model_in(field.annotation)
        yield from _marked(inner, place + _step(field.annotation)) if inner else ()
        if "SecretStr" in repr(field):
            yield place


def _step(annotation: object) -> str:
    text = repr(annotation)
    return "[0]" if "tuple[" in text else ".any" if "dict[" in text else ""


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for found in map(_model_in, get_args(annotation)) if found), None)


def test_the_places_for_encrypted_values_are_those_that_the_settings_mark():
    marked = {path for name, model in SECTIONS.items() for path in _marked(model, name)}
    assert marked
    assert [path for path in marked if not ENCRYPTABLE.fullmatch(path)] == []
    assert len(marked) == len(ENCRYPTABLE.pattern.split("|")), "and no more"
