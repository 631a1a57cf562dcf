"""Turns the content of a stack file into settings, or into all of its problems at once."""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from facts.problem import InvalidInput, Problem, nearest
from facts.projects import NoProjectError, find_project
from facts.pydantic_fields import Loc
from facts.pydantic_words import EMPTY, MISSING, path_of, problems_of, unknown_section
from infra.settings.base import ANY_NAME, Section, UnreadError, hide
from infra.settings.cluster import Cluster
from infra.settings.cluster.schedule_rules import protected_schedule_problems
from infra.settings.database import Database
from infra.settings.governance import Governance
from infra.settings.gpu import Gpu
from infra.settings.identity import Identity
from infra.settings.network import Network
from infra.settings.observability import Observability
from infra.settings.rules import rule_problems, secret_paths
from infra.settings.rules.derived_names import derived_name_problems
from infra.settings.sections import SECTIONS, Parsed, Settings, is_required, purpose, settings_of
from infra.settings.serving import Serving
from infra.settings.storage import Storage
from infra.settings.tenancy import Tenancy
from infra.settings.traffic import Traffic
from infra.settings.values.dates import date_problems
from infra.settings.values.ocid import realm_problems
from infra.settings.values.placeholders import placeholder_problems
from infra.settings.values.secrets import secret_problems, without_secrets
from infra.settings.vault import Vault
from serving.catalogue.own_models import use_models_from
from serving.engine.server_rules import UNKNOWN_MODEL

from .corrections import corrected
from .empty import empty_places, empty_problems

S = TypeVar("S", bound=Section)


@dataclass
class Findings:
    """The result of a check: the settings if they are valid, problems, and placeholders."""

    settings: Settings | None = None
    problems: list[Problem] = field(default_factory=list[Problem])
    placeholders: list[Problem] = field(default_factory=list[Problem])


def load(
    config: Mapping[str, object],
    environment: str,
    *,
    encrypted: Collection[str] = (),
    sandbox: bool = False,
    beside: Sequence[Problem] = (),
) -> Settings:
    """The settings of `environment`. Raises InvalidInput with all problems.

    `config` maps a section's name to its content. `encrypted`: see `secret_problems`. `beside`: problems that were
    found before. On the sandbox a placeholder is a warning (`Settings.placeholders`), elsewhere a problem.
    """
    findings = examine(config, environment, encrypted=encrypted, beside=beside)
    problems = findings.problems + ([] if sandbox else findings.placeholders)
    if problems or findings.settings is None:
        raise InvalidInput(problems, f"the settings of {environment}")
    return findings.settings


def examine(
    config: Mapping[str, object],
    environment: str,
    *,
    encrypted: Collection[str] = (),
    beside: Sequence[Problem] = (),
) -> Findings:
    """All problems and placeholders of the settings. It raises no errors."""
    findings = Findings(problems=list(beside))
    if any(problem.path == "config" for problem in beside):
        return findings  # the settings belong to another project
    config = _in_order(config)
    findings.problems += [unknown_section(name, SECTIONS) for name in config if name not in SECTIONS]
    reader = _Reader(config, findings.problems)
    parsed = _sections(reader)
    findings.problems += secret_problems(config, encrypted, secret_paths(parsed))
    if parsed.tenancy:
        findings.problems += realm_problems(config, parsed.tenancy.region)
    dates = [*date_problems(config)]
    found = _problems_of(parsed, environment, reader)
    if reader.guessed:
        again = _Reader(config, [], second=True)
        also = _problems_of(_sections(again), environment, again)
        found = [problem for problem in found if problem in also]
    converted = {problem.path for problem in dates}
    findings.problems += [*dates, *(problem for problem in found if problem.path not in converted)]
    shown = [without_secrets(problem) for problem in findings.problems]
    # Two rules may say the same of a value.
    findings.problems = [*{str(problem): problem for problem in shown}.values()]
    findings.placeholders += placeholder_problems(config)
    if not findings.problems:
        findings.settings = settings_of(environment, parsed, tuple(findings.placeholders))
    return findings


def _problems_of(parsed: Parsed, environment: str, reader: "_Reader") -> list[Problem]:
    """The problems that the rules find in the parsed sections."""
    own = _further_models(parsed.serving)
    found = [*derived_name_problems(environment, parsed), *own]
    with suppress(UnreadError):
        found += protected_schedule_problems(environment, parsed.tenancy, parsed.cluster)
    found += [
        each for each in rule_problems(parsed, complete=not reader.guessed) if not _is_unread(each, own)
    ]
    return [problem for problem in found if not _is_within(problem.path, reader.corrected)]


def _sections(reader: "_Reader") -> Parsed:
    return Parsed(
        tenancy=reader.read("tenancy", Tenancy),
        identity=reader.read("identity", Identity),
        vault=reader.read("vault", Vault),
        network=reader.read("network", Network),
        cluster=reader.read("cluster", Cluster),
        gpu=reader.read("gpu", Gpu),
        storage=reader.read("storage", Storage),
        database=reader.read("database", Database),
        serving=reader.read("serving", Serving),
        traffic=reader.read("traffic", Traffic),
        observability=reader.read("observability", Observability),
        governance=reader.read("governance", Governance),
    )


def _further_models(serving: Serving | None) -> list[Problem]:
    """Reads the user's own catalogue of models, which later rules look up."""
    if serving is None or serving.catalogue is None:
        return use_models_from(None, "")
    if not serving.catalogue.strip():
        fix = "Name a folder beside Pulumi.yaml, or leave it out"
        return [*use_models_from(None, ""), Problem("serving.catalogue", EMPTY, "must be a folder", fix)]
    try:
        root = find_project(Path.cwd())
    except NoProjectError:
        root = Path.cwd()
    return use_models_from(root / serving.catalogue, "serving.catalogue")


def _is_unread(problem: Problem, own: Collection[Problem]) -> bool:
    """Whether a model is unknown only because of problems in its own file, or in the folder of these files."""
    places = ("serving.catalogue", f"serving.catalogue/{problem.value}.")
    return problem.allowed == UNKNOWN_MODEL and any(
        each.path == places[0] or each.path.startswith(places[1]) for each in own
    )


_NAMED = re.compile(r"\['([^']*)'\]")
"""A key of a mapping as rules write it: `statements['x']`. The settings' reader writes `statements.x`."""


def _is_within(path: str, places: Collection[str]) -> bool:
    path = _NAMED.sub(r".\1", path)
    return any(path == place or path.startswith((f"{place}.", f"{place}[")) for place in places)


def _in_order(config: Mapping[str, object]) -> Mapping[str, object]:
    """The sections in the documented order. The engine passes them in a different order every time."""
    places = {name: place for place, name in enumerate(SECTIONS)}
    return {
        name: config[name] for name in sorted(config, key=lambda name: (places.get(name, len(places)), name))
    }


@dataclass
class _Reader:
    config: Mapping[str, object]
    problems: list[Problem]
    second: bool = False
    """Whether it takes the second guess for values whose meaning is unknown."""

    guessed: bool = False
    corrected: set[str] = field(default_factory=set[str])
    """Paths of wrong values that were replaced, so that the rest can be read."""

    def read(self, name: str, model: type[S]) -> S | None:
        """A section. Its problems are reported. It is None only if its rules cannot be checked at all."""
        content = self.config.get(name, {})
        if name not in self.config and self._is_misspelt(name):
            return None
        if name not in self.config and is_required(model):
            self.problems.append(Problem(name, MISSING, "is a required section", purpose(model)))
            return None
        if content in (None, ""):
            # The engine passes an empty section as empty text.
            self.problems.append(Problem(name, EMPTY, "must be a mapping", "Remove the key, or write {}"))
            return None
        unread = [*empty_places(model, content)]
        self.problems.extend(empty_problems(name, unread))
        self.guessed = self.guessed or bool(unread)
        return self._parsed(name, model, content, unread)

    def _is_misspelt(self, name: str) -> bool:
        """Whether an unknown section probably means this one, so that its content is unknown."""
        absent = [each for each in SECTIONS if each not in self.config]
        return any(nearest(each, absent) == name for each in self.config if each not in SECTIONS)

    def _parsed(self, name: str, model: type[S], content: object, unread: list[Loc]) -> S | None:
        for round_ in range(MOST_ROUNDS):
            try:
                read = model.model_validate_json(json.dumps(content), context=ANY_NAME if round_ else None)
                for loc in unread if self.second else ():
                    hide(read, loc)
                return read
            except ValidationError as error:
                said = problems_of(name, model, error)
                self.problems.extend(each for each in said if not _is_within(each.path, self.corrected))
                self.corrected.update(
                    path_of(name, detail["loc"]) for detail in error.errors(include_url=False)
                )
                found = corrected(content, error, model, second=self.second)
                if found is None:
                    return None
                content, self.guessed = found.content, self.guessed or found.guessed
                unread += found.unread
        return None


MOST_ROUNDS = 8
"""A value may be wrong in several ways, e.g. a number as text that is also too large."""
