"""Models in a team's namespace: what the team's quota and its pod security level allow."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from facts.problem import Problem
from facts.shapes import Shape, find_shape
from infra.settings.gpu import Gpu
from infra.settings.platform import Team
from infra.settings.serving import ModelSettings, Serving
from infra.settings.traffic import Router, Traffic
from infra.settings.traffic.candidates import with_candidates
from serving.engine.pod.node_cache import SIZE_GIB
from serving.engine.server_plan import ServerPlan, ServerRequest, plan_server
from serving.teams.namespace import DEFAULT_LEVEL
from serving.teams.team_rules import quota_of

from .model_rules import needs_privileges, plan_request, serving_problems


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What engines need of their namespace's quota, with the names of the quota's keys."""

    gpus: int = 0
    cpus: int = 0
    memory_gib: int = 0
    pods: int = 0

    def __add__(self, other: "Needs") -> "Needs":
        return Needs(
            gpus=self.gpus + other.gpus,
            cpus=self.cpus + other.cpus,
            memory_gib=self.memory_gib + other.memory_gib,
            pods=self.pods + other.pods,
        )

    def times(self, count: int) -> "Needs":
        """The needs multiplied by a number of engines."""
        return Needs(
            gpus=self.gpus * count,
            cpus=self.cpus * count,
            memory_gib=self.memory_gib * count,
            pods=self.pods * count,
        )

    def beyond(self, team: Team) -> dict[str, tuple[int, int]]:
        """Needs that exceed the team's quota: key of the settings, needed amount, quota."""
        quota = quota_of(team)
        found = {
            "gpus": (self.gpus, quota.gpus),
            "cpus": (self.cpus, quota.cpus),
            "memoryGib": (self.memory_gib, quota.memory_gib),
            "pods": (self.pods, quota.pods),
        }
        return {key: (needed, has) for key, (needed, has) in found.items() if needed > has}


def engine_plan(settings: ModelSettings, shape: Shape) -> ServerPlan | None:
    """The plan of one engine; None for an unknown model. The model must have passed its own rules."""
    request = plan_request(settings, shape)
    return request and plan_server(ServerRequest(engine=request, served_name=settings.served_name))


def engine_needs(settings: ModelSettings, shape: Shape) -> Needs:
    """The needs of one engine; nothing for an unknown model. The model must have passed its own rules."""
    plan = engine_plan(settings, shape)
    if plan is None:
        return Needs()
    one = Needs(gpus=plan.gpus, cpus=plan.cpus, memory_gib=plan.memory_gib, pods=1)
    return one.times(plan.nodes)


def models_of(serving: Serving, team: str | None) -> Sequence[ModelSettings]:
    """The models of a team. None stands for the models without a team."""
    return [model for model in serving.models if model.team == team]


def router_needs(router: Router | None) -> Needs:
    """The needs of one model's routers during a rollout, which starts one more."""
    if router is None:
        return Needs()
    return Needs(cpus=router.cpus, memory_gib=router.memory_gib, pods=1).times(router.replicas + 1)


def team_needs(gpu: Gpu, serving: Serving, traffic: Traffic, team: str) -> Needs:
    """The needs of all engines and routers of a team, with those of candidates."""
    serving = with_candidates(serving, traffic.candidates)
    shapes = {pool.name: find_shape(pool.shape) for pool in gpu.pools}
    total = router_needs(traffic.router).times(len(models_of(serving, team)))
    for model in models_of(serving, team):
        shape = shapes.get(model.pool)
        if shape is not None:
            total += engine_needs(model, shape).times(model.replicas)
    return total


def team_priorities(team: Team, serving: Serving) -> Sequence[str]:
    """Priority classes that a team's pods may use."""
    if team.priorities is not None:
        return team.priorities
    return [name for name, each in serving.priorities.items() if not each.preempts]


def _priority_problems(serving: Serving) -> Iterator[Problem]:
    """Teams with unknown priority classes, and models with a class that their team may not use."""
    for index, team in enumerate(serving.teams):
        for place, name in enumerate(team.priorities or ()):
            if name not in serving.priorities:
                path = f"serving.teams[{index}].priorities[{place}]"
                allowed = "must be one of serving.priorities"
                otherwise = "Add it to serving.priorities"
                yield Problem.not_one_of(path, name, serving.priorities, allowed, otherwise=otherwise)
    teams = {team.name: team for team in serving.teams}
    for index, model in enumerate(serving.models):
        team = teams.get(model.team or "")
        if team is None or model.priority_class is None:
            continue
        allowed = team_priorities(team, serving)
        if model.priority_class not in allowed:
            said = f"must be a class that team {team.name} may use: {', '.join(allowed) or 'it has none'}"
            fix = "Add it to the team's priorities, if its pods may preempt other pods"
            yield Problem(f"serving.models[{index}].priorityClass", model.priority_class, said, fix)


def team_model_problems(gpu: Gpu, serving: Serving, traffic: Traffic) -> Iterator[Problem]:
    """Models of an unknown team, and models that their team's quota or pod security level refuses."""
    yield from _priority_problems(serving)
    teams = {team.name: team for team in serving.teams}
    for index, model in enumerate(serving.models):
        if model.team is not None and model.team not in teams:
            allowed = f"must be one of serving.teams: {', '.join(teams) or 'there are none'}"
            yield Problem.not_one_of(f"serving.models[{index}].team", model.team, teams, allowed)
        elif model.team is not None:
            yield from _level_problems(model, teams[model.team], f"serving.models[{index}].team")
    # The needs of a model that does not fit are unknown.
    if any(True for _ in serving_problems(gpu, with_candidates(serving, traffic.candidates))):
        return
    for index, team in enumerate(serving.teams):
        yield from _quota_problems(gpu, serving, traffic, team, f"serving.teams[{index}]")


def _level_problems(model: ModelSettings, team: Team, path: str) -> Iterator[Problem]:
    level = team.pod_security or DEFAULT_LEVEL
    if level == "restricted":
        allowed = "has podSecurity `restricted`, which refuses engines, because their image runs as root"
        yield Problem(path, model.team, allowed, f"Give team {team.name} the level `baseline`")
    elif needs_privileges(model) and level != "privileged":
        allowed = f"has podSecurity `{level}`, but `nodes` and `numaBind` need `privileged`"
        yield Problem(path, model.team, allowed, f"Give team {team.name} that level, or remove them")


def _quota_problems(gpu: Gpu, serving: Serving, traffic: Traffic, team: Team, path: str) -> Iterator[Problem]:
    models = models_of(serving, team.name)
    routers = " with their routers" if traffic.router and models else ""
    for key, (needed, has) in team_needs(gpu, serving, traffic, team.name).beyond(team).items():
        allowed = f"must be enough for the models of team {team.name}{routers}, which need {needed}"
        yield Problem(f"{path}.{key}", has, allowed, "Raise it, or use fewer replicas")
    claimed = SIZE_GIB * len({model.pool for model in models}) if serving.weights else 0
    volumes = quota_of(team).volumes_gib
    if claimed > volumes:
        allowed = f"must be at least {claimed} GiB, for claims of staged weights: {SIZE_GIB} for each pool"
        yield Problem(f"{path}.volumesGib", volumes, allowed)
