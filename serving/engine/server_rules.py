"""Problems of a model server before any object is created, in the user's terms."""

import re
from collections.abc import Iterable, Iterator

from facts.names import COMMIT, DIGEST
from facts.names import IMAGE as IMAGE_NAME
from facts.ocids import PLACEHOLDER_MARK, is_placeholder
from facts.problem import Problem
from facts.shapes import GPU_SHAPES, find_shape
from facts.vllm import DEPRECATED_IMAGES, IMAGE, RESERVED_SERVICE_PREFIX, ROCM_LINE
from serving.catalogue import Model, catalogue, find_model
from serving.engine.choices import EngineChoices
from serving.engine.deadlines import drain_problems, engine_drain
from serving.engine.problems import choice_problems, engine_problems
from serving.engine.request import PlanRequest

_LABEL = re.compile(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?")


def model_server_problems(
    choices: EngineChoices,
    *,
    model: str,
    shape: str | None,
    service_name: str,
    served_name: str | None = None,
    replicas: int = 1,
    has_token: bool = False,
    path: str,
    engine: str | None = None,
) -> Iterator[Problem]:
    """All problems of one model server, each at `path`.<key as in the stack config>. The engine's are at `engine`.

    `model` is a key of the catalogue, and `has_token` says whether there is a Hugging Face token. `shape` is the
    compute shape of the GPU nodes. If it is None or unknown, the problems that depend on it are left out. Placeholders
    are accepted here. Default of `served_name`: the service's name. Default of `engine`: `path`.
    """
    place = engine or path
    yield from name_problems(service_name, f"{path}.name")
    if replicas < 0:
        yield Problem(f"{path}.replicas", replicas, "must be 0 or more")
    if choices.revision is not None:
        yield from revision_problems(choices.revision, f"{place}.revision")
    known, nodes = find_model(model), find_shape(shape or "")
    yield from drain_problems(engine_drain(choices, known), choices.termination_grace_seconds, place)
    yield from known_problems(model, has_token=has_token, path=path)
    if nodes is None and shape is not None:
        yield _unknown(f"{path}.shape", shape, GPU_SHAPES, "is not a known compute shape")
    if known is not None and nodes is not None:
        yield from engine_problems(PlanRequest(known, nodes, choices), served_name or service_name, place)
    else:
        yield from choice_problems(choices, place)


def name_problems(name: str, path: str) -> Iterator[Problem]:
    """Problems of a name that becomes a Deployment and a Service."""
    if name.startswith(RESERVED_SERVICE_PREFIX):
        yield Problem(
            path,
            name,
            f"must not start with {RESERVED_SERVICE_PREFIX}: Kubernetes would give other pods variables that vLLM "
            "reads as its own",
            "Name it after the model",
        )
    else:
        yield from label_problems(name, path)


def label_problems(name: str, path: str) -> Iterator[Problem]:
    """Problems of a name that becomes a DNS label."""
    if not _LABEL.fullmatch(name):
        yield Problem(
            path, name, "must be 1 to 63 of a-z, 0-9 and -, starting with a letter and not ending with -"
        )


UNKNOWN_MODEL = "is not a model of the catalogue"


def known_problems(model: str, *, has_token: bool, path: str) -> Iterator[Problem]:
    """Problems at `path`.model: unknown, or gated without a token."""
    known = find_model(model)
    if known is None:
        yield _unknown(f"{path}.model", model, catalogue(), UNKNOWN_MODEL)
    elif known.gated and not has_token:
        yield _gated(known, path)


def revision_problems(revision: str, path: str) -> Iterator[Problem]:
    """Problems of a repository's revision: it must be a commit. A placeholder is accepted."""
    if not (COMMIT.fullmatch(revision) or is_placeholder(revision)):
        yield Problem(path, revision, "must be a commit of 40 hexadecimal digits: branches and tags move")


LONGEST_IMAGE_NAME = 255
"""Of an image without tag and digest (distribution/reference, RepositoryNameTotalLengthMax)."""


def image_name_problems(name: str, path: str) -> Iterator[Problem]:
    """Problems of an image's name, without its digest. A placeholder is accepted."""
    _, at, place = name.rpartition("@")
    # Before an @ may be a password, if no digest is behind it.
    given = "[hidden]" if at and not place.startswith("sha256:") else name
    if "://" in name:
        fix = f"Write {place if given != name else name.partition('://')[2]}"
        yield Problem(path, given, "must not begin with a scheme", fix)
    elif not IMAGE_NAME.fullmatch(name.replace(PLACEHOLDER_MARK, PLACEHOLDER_MARK.lower())):
        allowed = "must be the name of an image: a registry, then a path in lower case"
        yield Problem(path, given, allowed, f"E.g. {IMAGE}")
    elif len(name) > LONGEST_IMAGE_NAME:
        allowed = f"must be at most {LONGEST_IMAGE_NAME} characters: no program that pulls images takes more"
        yield Problem(path, given, allowed)


def image_problems(image: str, path: str) -> Iterator[Problem]:
    """Problems of an image reference: it must be pinned by digest. A placeholder digest is accepted."""
    name, at, digest = image.partition("@")
    if not at:
        yield Problem(
            path, image, "is not pinned: a tag can move", "Write it as name@sha256:<64 hexadecimal digits>"
        )
    elif not (DIGEST.fullmatch(digest) or is_placeholder(digest)):
        yield Problem(path, image, "has an invalid digest; sha256: and 64 hexadecimal digits are expected")
    elif not name:
        yield Problem(path, image, "has no image name before the digest")
    elif wrong := [*image_name_problems(name, path)]:
        yield from wrong
    elif any(name.partition(":")[0].endswith(old) for old in DEPRECATED_IMAGES):
        yield Problem(
            path, image, "belongs to a line that AMD no longer builds", f"Use {IMAGE}, its {ROCM_LINE} line"
        )


def security_problems(
    choices: EngineChoices,
    *,
    user: int | None,
    render_group: int | None,
    seccomp_profile: str | None,
    path: str,
) -> Iterator[Problem]:
    """Problems of the pod's user and profile, at `path`.runAsUser and .seccompProfile."""
    if user and render_group is None:
        yield Problem(
            f"{path}.runAsUser",
            user,
            "can open the GPUs only as a member of the host's render group",
            "Set renderGroup to the group's id on the node (getent group render)",
        )
    for key, wanted in (("nodes", (choices.nodes or 1) > 1), ("numaBind", bool(choices.numa_bind))):
        if wanted and user:
            allowed = f"{key} needs a capability that only root has in a container"
            yield Problem(f"{path}.runAsUser", user, allowed, f"Leave it out, or {key}")
    if seccomp_profile not in (None, "RuntimeDefault"):
        allowed = "must be RuntimeDefault or left out: the baseline pod security level accepts no other"
        yield Problem(f"{path}.seccompProfile", seccomp_profile, allowed)


def _gated(model: Model, path: str) -> Problem:
    allowed = f"{model.repository} is gated: the hub requires a token"
    return Problem(
        f"{path}.model",
        model.name,
        allowed,
        "Set huggingFaceTokenInVault or huggingFaceToken, or choose an open model",
    )


def _unknown(path: str, word: str, known: Iterable[str], allowed: str) -> Problem:
    names = sorted(known)
    return Problem.not_one_of(path, word, names, allowed)
