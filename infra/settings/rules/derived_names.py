"""Names that are derived from the stack's name and from other names, and that a cloud would refuse.

They are checked before anything is created. Otherwise the first name that is too long would fail after two hundred
resources.
"""

from collections.abc import Iterator

from facts.names import FORMS, LONGEST_STACK, STACK
from facts.problem import Problem
from infra.settings.cluster import Cluster
from infra.settings.governance import Governance
from infra.settings.gpu import Gpu
from infra.settings.sections import Parsed
from infra.settings.serving import Serving
from infra.settings.storage import Storage
from infra.settings.vault import Vault

from .signatures import by_sections, run_rules

Derived = tuple[str, str, str, str]
"""Path of the part that the settings can shorten, that part, the form of the whole name, and the whole name with
`{stack}` as a placeholder for the stack's name."""


def stack_name_problems(stack: str) -> Iterator[Problem]:
    """A stack name that cannot begin the names of resources."""
    if len(stack) > LONGEST_STACK or not STACK.fullmatch(stack):
        allowed = (
            f"must be 1 to {LONGEST_STACK} of a-z, 0-9 and -, starting with a letter and not ending with -"
        )
        yield Problem("stack", stack, allowed, "The names of all resources of the stack begin with it")


def derived_name_problems(stack: str, parsed: Parsed) -> Iterator[Problem]:
    """A stack name that cannot begin the names of resources, and derived names that are too long."""
    wrong = [*stack_name_problems(stack)]
    yield from wrong
    if wrong:
        return
    for path, part, form, pattern in run_rules(_NAMES, parsed):
        whole, most = pattern.replace("{stack}", stack), FORMS[form].longest
        if len(whole) > most:
            least = max(len(part) - (len(whole) - most), 1)
            allowed = f"gives the name `{whole}`, {FORMS[form].what}, which has at most {most} characters"
            yield Problem(
                path, part, allowed, f"Use {least} characters or fewer, or a stack with a shorter name"
            )


def _of_gpu_pools(gpu: Gpu, serving: Serving | None) -> Iterator[Derived]:
    end = "-weights" if serving and serving.weights else ""
    for index, pool in enumerate(gpu.pools):
        yield f"gpu.pools[{index}].name", pool.name, "label", f"{{stack}}-{pool.name}{end}"


def _of_cpu_pools(cluster: Cluster) -> Iterator[Derived]:
    for index, pool in enumerate(cluster.pools):
        yield f"cluster.pools[{index}].name", pool.name, "label", f"{{stack}}-{pool.name}"


def _of_models(serving: Serving) -> Iterator[Derived]:
    for index, model in enumerate(serving.models):
        path = f"serving.models[{index}].name"
        yield path, model.name, "cron-job", f"{model.name}-benchmark"
        yield path, model.name, "dns-label", f"{model.name}-smoke-01234567"


def _of_secrets(vault: Vault) -> Iterator[Derived]:
    for name in vault.secrets:
        yield f"vault.secrets[{name!r}]", name, "secret", f"{{stack}}-{name}"


def _of_volumes(storage: Storage) -> Iterator[Derived]:
    for index, group in enumerate(storage.volume_groups):
        for name in group.volumes:
            path = f"storage.volumeGroups[{index}].volumes[{name!r}]"
            yield path, name, "display", f"{{stack}}-{group.name}-{name}"


def _of_cost_reports(governance: Governance) -> Iterator[Derived]:
    for name in governance.costs.reports:
        yield f"governance.costs.reports[{name!r}]", name, "iam", f"{{stack}}-report-{name}"


_NAMES = by_sections(_of_gpu_pools, _of_cpu_pools, _of_models, _of_secrets, _of_volumes, _of_cost_reports)
