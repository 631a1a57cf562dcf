"""Cases of the policies for images, names of Services and grace periods."""

from typing import Any

from policies.model import Resource
from tests.policies.cases import DEPLOYMENT, DIGEST, SERVICE, UNKNOWN, Case, make, pod

RELEASE = "kubernetes:helm.sh/v3:Release"
FUNCTION = "oci:Functions/function:Function"
INSTANCE = "oci:ContainerEngine/containerInstance:ContainerInstance"
WORKERS = "kubernetes:leaderworkerset.x-k8s.io/v1:LeaderWorkerSet"


def case(about: str, policy: str, resources: list[Resource], says: str = "") -> Case:
    return Case(about=about, policy=policy, resources=resources, says=says)


def image(text: str) -> list[Resource]:
    return [make(DEPLOYMENT, pod([{"image": text}]))]


def chart(**inputs: Any) -> list[Resource]:
    return [make(RELEASE, {"chart": "oci://example.com/chart", **inputs})]


PINNED = "pinned-images"
IMAGES = [
    case("a digest", PINNED, image(f"example.com/vllm:1.0{DIGEST}")),
    case("an image that is not known yet", PINNED, image(UNKNOWN)),
    case(
        "a tag", PINNED, image("example.com/vllm:1.0"), "image: example.com/vllm:1.0; must end in its digest"
    ),
    case("no tag", PINNED, image("vllm"), "image: vllm; must end in its digest"),
    case("an image with another algorithm", PINNED, image("vllm@sha512:" + "0" * 128)),
    case("a placeholder", PINNED, image("vllm@sha256:REPLACE-ME")),
    case("a digest that is too short", PINNED, image("vllm@sha256:abc"), "must end in its digest"),
    case(
        "text that nobody runs",
        PINNED,
        [make("kubernetes:core/v1:ConfigMap", {"data": {"logoImage": "https://example.com/logo.png"}})],
    ),
    case(
        "a chart that hides its version",
        PINNED,
        [make("kubernetes:helm.sh/v3:Chart", {})],
        "cannot be checked",
    ),
    case(
        "a value latest with a digest",
        PINNED,
        chart(version="1.2.3", values={"image": {"tag": "latest", "digest": "sha256:0"}}),
    ),
    case(
        "a value latest in a list",
        PINNED,
        chart(version="1.2.3", values={"sidecars": [{"imageTag": "latest"}]}),
        "values.sidecars[0].imageTag: latest",
    ),
    case(
        "images in a list",
        PINNED,
        chart(version="1.2.3", values={"images": ["example.com/proxy"]}),
        "values.images: example.com/proxy",
    ),
    case(
        "an image of a controller",
        PINNED,
        chart(version="1.2.3", values={"controllerImage": "example.com/proxy:latest"}),
        "values.controllerImage: example.com/proxy:latest",
    ),
    case("half a digest", PINNED, image("vllm@sha256:"), "image: vllm@sha256:; must end in its digest"),
    case(
        "an image of an init container",
        PINNED,
        [make(DEPLOYMENT, pod([], initContainers=[{"image": "busybox"}]))],
        "spec.template.spec.initContainers[0].image: busybox",
    ),
    case(
        "an image of a custom kind",
        PINNED,
        [
            make(
                WORKERS,
                {
                    "spec": {
                        "leaderWorkerTemplate": {"workerTemplate": {"spec": {"containers": [{"image": "x"}]}}}
                    }
                },
            )
        ],
        "image: x; must end in its digest",
    ),
    case("a version of a chart", PINNED, chart(version="1.2.3")),
    case("a version with a letter and a suffix", PINNED, chart(version="v1.2.3-rc.1+build")),
    case("no version", PINNED, chart(), "version is missing"),
    case("a range", PINNED, chart(version="^1.2.3"), "version: ^1.2.3; must be one version"),
    case("a part of a version", PINNED, chart(version="1.2"), "version: 1.2; must be one version"),
    case(
        "a value latest",
        PINNED,
        chart(version="1.2.3", values={"image": {"tag": "latest"}}),
        "values.image.tag: latest",
    ),
    case(
        "a function with a digest",
        PINNED,
        [make(FUNCTION, {"image": "iad.ocir.io/f:1", "imageDigest": "sha256:0"})],
    ),
    case(
        "a function whose image is known only after the creation",
        PINNED,
        [make(FUNCTION, {"image": UNKNOWN})],
    ),
    case("a function", PINNED, [make(FUNCTION, {"image": "iad.ocir.io/f:1"})], "or imageDigest must have it"),
    case(
        "a function with its image in a block",
        PINNED,
        [make(FUNCTION, {"sourceDetails": {"image": "iad.ocir.io/f:1"}})],
        "sourceDetails.image: iad.ocir.io/f:1",
    ),
    case(
        "an image of a volume",
        PINNED,
        [make(DEPLOYMENT, pod([], volumes=[{"image": {"reference": "example.com/weights:1"}}]))],
        "volumes[0].image: example.com/weights:1",
    ),
    case(
        "an image that an operator runs",
        PINNED,
        [make("kubernetes:amd.com/v1alpha1:DeviceConfig", {"spec": {"devicePluginImage": "rocm/k8s:1"}})],
        "spec.devicePluginImage: rocm/k8s:1",
    ),
    case(
        "a value with an image of a moving tag",
        PINNED,
        chart(version="1.2.3", values={"image": "example.com:5000/proxy"}),
        "values.image: example.com:5000/proxy; must have a version",
    ),
    case("a value with a version", PINNED, chart(version="1.2.3", values={"image": "example.com/proxy:1.2"})),
    case(
        "an image of a batch",
        PINNED,
        [
            make(
                "oci:DataScience/job:Job",
                {"jobEnvironmentConfigurationDetails": {"image": "iad.ocir.io/j:1"}},
            )
        ],
        "jobEnvironmentConfigurationDetails.image: iad.ocir.io/j:1",
    ),
    case(
        "a container instance",
        PINNED,
        [make(INSTANCE, {"containers": [{"imageUrl": "iad.ocir.io/f:1"}]})],
        "containers[0].imageUrl: iad.ocir.io/f:1; must end in its digest",
    ),
]


def service(name: str, says: str = "") -> Case:
    return case(name, "no-vllm-service", [make(SERVICE, {"metadata": {"name": name}})], says)


SERVICES = [
    service("engine-vllm"),
    service("qwen3-32b"),
    service(UNKNOWN),
    service("vllm", "metadata.name: vllm; must not start with vllm. Kubernetes sets VLLM_PORT"),
    case(
        "a prefix",
        "no-vllm-service",
        [make(SERVICE, {"metadata": {"generateName": "vllm-"}})],
        "generateName: vllm-",
    ),
    case(
        "a custom resource that is a Service",
        "no-vllm-service",
        [make("kubernetes:v1:Service", {"metadata": {"name": "vllm"}})],
        "metadata.name: vllm",
    ),
    service("vllm-qwen3-32b", "Kubernetes sets VLLM_QWEN3_32B_PORT in every pod"),
]


def ending(container: dict[str, Any], grace: int | None) -> list[Resource]:
    given = {} if grace is None else {"terminationGracePeriodSeconds": grace}
    return [make(DEPLOYMENT, pod([{"image": f"x{DIGEST}", **container}], **given))]


SLEEP = {"lifecycle": {"preStop": {"sleep": {"seconds": 15}}}}
SHELL = {"lifecycle": {"preStop": {"exec": {"command": ["sh", "-c", "sleep 40 && exit"]}}}}


def pause(command: str) -> dict[str, Any]:
    return {"lifecycle": {"preStop": {"exec": {"command": ["sh", "-c", command]}}}}


DRAIN = {**SLEEP, "args": ["serve", "--shutdown-timeout=45"]}
GRACE = "grace-covers-drain"
GRACES = [
    case("no drain", GRACE, ending({}, None)),
    case("a pause below the default", GRACE, ending(SLEEP, None)),
    case("pause and drain", GRACE, ending(DRAIN, 60)),
    case("a node without requests", GRACE, ending({**DRAIN, "args": [*DRAIN["args"], "--headless"]}, 15)),
    case("a second less", GRACE, ending(DRAIN, 59), "terminationGracePeriodSeconds: 59; must be at least 60"),
    case("the default", GRACE, ending(DRAIN, None), "terminationGracePeriodSeconds: 30; must be at least 60"),
    case(
        "a pause of a shell",
        GRACE,
        ending(SHELL, 39),
        "terminationGracePeriodSeconds: 39; must be at least 40",
    ),
    case(
        "an option with its value apart",
        GRACE,
        ending({"command": ["smg", "--shutdown-grace-period-secs", "180"]}, 30),
        "must be at least 180",
    ),
    case(
        "no grace period",
        GRACE,
        [make(DEPLOYMENT, pod([DRAIN], terminationGracePeriodSeconds=None))],
        "must be at least 60",
    ),
    case("an option with underscores", GRACE, ending({"args": ["--shutdown_timeout=45"]}, 30), "at least 45"),
    case(
        "an option in a command of a shell",
        GRACE,
        ending({"command": ["sh", "-c", "exec vllm serve --shutdown-timeout 45 --port 1"]}, 30),
        "at least 45",
    ),
    case("another option", GRACE, ending({"args": ["--shutdown-timeout-unit=45"]}, 30)),
    case("pauses that add up", GRACE, ending(pause("sleep 1m 30s"), 70), "at least 90"),
    case(
        "a sidecar",
        GRACE,
        [
            make(
                DEPLOYMENT,
                pod([], initContainers=[{"image": f"x{DIGEST}", "restartPolicy": "Always", **SHELL}]),
            )
        ],
        "at least 40",
    ),
    case(
        "an init container",
        GRACE,
        [make(DEPLOYMENT, pod([], initContainers=[{"image": f"x{DIGEST}", **SHELL}]))],
    ),
    case("a pause in minutes", GRACE, ending(pause("sleep 1m"), 30), "at least 60"),
    case("two pauses", GRACE, ending(pause("sleep 20; sleep 15.5s"), 30), "at least 36"),
]

CASES = [*IMAGES, *SERVICES, *GRACES]
