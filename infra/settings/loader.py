"""From what the stack file says to settings, or to all that is wrong with it at once."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import ValidationError

from facts.problem import InvalidInput, Problem

from .base import Section
from .cluster import Cluster
from .database import Database
from .governance import Governance
from .gpu import Gpu
from .identity import Identity
from .network import Network
from .observability import Observability
from .placeholders import placeholder_problems
from .rules import rule_problems
from .secrets import secret_problems
from .sections import SECTIONS, Parsed, Settings, first_sentence, is_required, settings_of
from .serving import Serving
from .storage import Storage
from .tenancy import Tenancy
from .vault import Vault
from .wording import MISSING, problems_of, unknown_section

S = TypeVar("S", bound=Section)


@dataclass
class Findings:
    """What a look at the settings brought: settings if they could be built, problems, placeholders."""

    settings: Settings | None = None
    problems: list[Problem] = field(default_factory=list[Problem])
    placeholders: list[Problem] = field(default_factory=list[Problem])


def load(
    config: Mapping[str, object], environment: str, *, encrypted: Collection[str] = (), sandbox: bool = False
) -> Settings:
    """The settings of `environment`, or InvalidInput with every problem of them.

    `config` maps a section's name to its content. `encrypted`: see `secret_problems`. On the sandbox a
    placeholder is a warning (`Settings.placeholders`), elsewhere a problem.
    """
    findings = examine(config, environment, encrypted=encrypted)
    problems = findings.problems + ([] if sandbox else findings.placeholders)
    if problems or findings.settings is None:
        raise InvalidInput(problems, f"the settings of {environment}")
    return findings.settings


def examine(config: Mapping[str, object], environment: str, *, encrypted: Collection[str] = ()) -> Findings:
    """Everything there is to say about the settings; raises nothing."""
    config = _in_order(config)
    findings = Findings()
    findings.problems += [unknown_section(name, SECTIONS) for name in config if name not in SECTIONS]
    reader = _Reader(config, findings.problems)
    parsed = Parsed(
        tenancy=reader.read("tenancy", Tenancy),
        identity=reader.read("identity", Identity),
        vault=reader.read("vault", Vault),
        network=reader.read("network", Network),
        cluster=reader.read("cluster", Cluster),
        gpu=reader.read("gpu", Gpu),
        storage=reader.read("storage", Storage),
        database=reader.read("database", Database),
        serving=reader.read("serving", Serving),
        observability=reader.read("observability", Observability),
        governance=reader.read("governance", Governance),
    )
    findings.problems += secret_problems(config, encrypted)
    findings.problems += rule_problems(parsed, encrypted)
    findings.placeholders += placeholder_problems(config)
    findings.settings = settings_of(environment, parsed, tuple(findings.placeholders))
    return findings


def _in_order(config: Mapping[str, object]) -> Mapping[str, object]:
    """The sections as they are documented: the engine passes them in another order every time."""
    places = {name: place for place, name in enumerate(SECTIONS)}
    return {
        name: config[name] for name in sorted(config, key=lambda name: (places.get(name, len(places)), name))
    }


@dataclass(frozen=True)
class _Reader:
    config: Mapping[str, object]
    problems: list[Problem]

    def read(self, name: str, model: type[S]) -> S | None:
        """A section. Unknown keys in it are reported, and do not keep its rules from being checked."""
        content = self.config.get(name)
        if content is None and is_required(model):
            self.problems.append(Problem(name, MISSING, "is a required section", first_sentence(model)))
            return None
        text = json.dumps(content or {})
        try:
            return model.model_validate_json(text)
        except ValidationError as error:
            self.problems.extend(problems_of(name, model, error))
            return _without_unknown_keys(model, text, error)


def _without_unknown_keys(model: type[S], text: str, error: ValidationError) -> S | None:
    findings = error.errors(include_url=False)
    if any(finding["type"] != "extra_forbidden" for finding in findings):
        return None
    content = json.loads(text)
    for *parents, key in (finding["loc"] for finding in findings):
        inner = content
        for step in parents:
            inner = inner[step]
        del inner[key]
    return model.model_validate_json(json.dumps(content))
