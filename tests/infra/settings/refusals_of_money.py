"""Wrong tags, quotas, budgets and cost reports: the mistake, path and message of the problem."""

from typing import Any

from tests.infra.settings.wrong.case import Wrong

TAGS = "governance.tags"
VALID_TAGS: dict[str, Any] = {"costCentre": "genai", "owner": "platform", "dataClassification": "internal"}


def tags(name: str, path: str, message: str, **changes: Any) -> Wrong:
    """Wrong defined tags."""
    return Wrong(name, [(TAGS, {**VALID_TAGS, **changes})], path, message)


def more(name: str, key: str, at: str, message: str, **changes: Any) -> Wrong:
    """A wrong key in addition to the four."""
    return tags(name, f"{TAGS}.more[{key!r}]{at}", message, more={key: {"value": "x", **changes}})


OF_TAGS: list[Wrong] = [
    tags("a namespace with a space", f"{TAGS}.namespace", "'our tags'; must be a name", namespace="our tags"),
    tags("a namespace with a period", f"{TAGS}.namespace", "without periods and spaces", namespace="our.tags"),
    tags("a long namespace", f"{TAGS}.namespace", "1 to 100 printable ASCII", namespace="x" * 101),
    tags("Oracle's namespace", f"{TAGS}.namespace", "must be another name: Oracle keeps", namespace="Oracle-Tags"),
    tags(
        "the namespace of the tag of creators", f"{TAGS}.namespace", "must be another name: governance.creatorTag",
        namespace="GenAI-Playground",
    ),
    tags(
        "an unknown class of data", f"{TAGS}.dataClassification", "Did you mean `internal`?",
        dataClassification="internl",
    ),
    tags("an empty owner", f"{TAGS}.owner", "must not be empty", owner=" "),
    tags("a variable", f"{TAGS}.owner", "must not contain a variable", owner="${iam.principal.name}"),
    more("a variable of a further key", "Unit", ".value", "must not contain a variable", value="${oci.datetime}"),
    tags("a long cost centre", f"{TAGS}.costCentre", "257; must be 256 characters", costCentre="x" * 257),
    tags("a value of two lines", f"{TAGS}.owner", "must have no line breaks, tabs", owner="platform\nteam"),
    tags("a value with a tab", f"{TAGS}.costCentre", "must have no line breaks, tabs", costCentre="gen\tai"),
    more("a value with a character that ends a line", "Unit", ".value", "must have no line breaks", value="a\u2028b"),
    more("a listed value with a null", "Unit", ".values[1]", "must have no line breaks", values=["x", "a\0b"]),
    more("a key with a tab", "Cost\tUnit", "", "printable ASCII characters"),
    more("a key of other letters", "Größe", "", "printable ASCII characters"),
    more("a long key", "x" * 101, "", "must be a key of 1 to 100"),
    tags("a namespace with a line break", f"{TAGS}.namespace", "printable ASCII", namespace="ours\n"),
    more("a key with a space", "Cost Unit", "", "must be a key of 1 to 100 printable ASCII characters"),
    more("a key with a period", "Cost.Unit", "", "without periods and spaces"),
    more("one of the four keys again", "costcentre", "", "CostCentre is set already, and case is ignored"),
    more("a value that the key does not take", "Unit", ".value", "must be one of the key's values", values=["y"]),
    more("too many values", "Unit", ".values", "must be 100 values or fewer", values=["x", *map(str, range(100))]),
    more("a value twice", "Unit", ".values[1]", "must not be repeated", values=["x", "x"]),
    more(
        "a default that blocks the stack's own resources", "Unit", ".required",
        "OCI would refuse each resource without one, this stack's too", value=None, required=True,
    ),
    tags(
        "more tags than a resource has", f"{TAGS}.more", "65; must be 64 tags or fewer",
        more={f"k{index}": {"value": "x"} for index in range(61)},
    ),
    tags(
        "more tags than 5 K", f"{TAGS}.more", "must be 5,120 bytes or fewer as JSON",
        more={f"k{index}": {"value": "x" * 250} for index in range(20)},
    ),
    Wrong(
        "more tags than a resource has, with that of creators",
        [("governance", {"managesTenancy": True, "creatorTag": True,
                         "tags": {**VALID_TAGS, "more": {f"k{index}": {"value": "x"} for index in range(60)}}})],
        f"{TAGS}.more", "65; must be 64 tags or fewer",
    ),
    tags("an ignored tag without a key", f"{TAGS}.ignored[0]", "a period and a key", ignored=["Operations"]),
    tags(
        "an ignored tag of the own namespace", f"{TAGS}.ignored[0]", "must be a tag of another namespace",
        namespace="ours", ignored=["Ours.Owner"],
    ),
    tags(
        "an ignored tag twice", f"{TAGS}.ignored[1]", "must not be repeated; case is ignored",
        ignored=["Operations.Cost", "operations.cost"],
    ),
    tags(
        "too many ignored tags", f"{TAGS}.ignored", "99; must be 97 tags or fewer",
        ignored=[f"Operations.k{index}" for index in range(99)],
    ),
]  # fmt: skip

QUOTAS = "governance.quotas"


def quotas(name: str, at: str, message: str, **changes: Any) -> Wrong:
    """Wrong quotas."""
    return Wrong(name, [(QUOTAS, changes)], f"{QUOTAS}{at}", message)


def statement(name: str, text: str, message: str) -> Wrong:
    """A wrong statement."""
    return quotas(name, ".statements[0]", message, statements=[text])


OF_QUOTAS: list[Wrong] = [
    quotas(
        "a pool outside the own limit", ".limits['gpu-mi300x-count']",
        "7; must allow 8 or more of gpu-mi300x-count: needed are pool mi300x 8", limits={"gpu-mi300x-count": 7},
    ),
    quotas("an unknown quota", ".limits['gpu-mi300-count']", "`gpu-mi300x-count`", limits={"gpu-mi300-count": 8}),
    quotas("a negative limit", ".limits['lb-100mbps-count']", "must be 0 or more", limits={"lb-100mbps-count": -1}),
    quotas("a path with a slash", ".above", "separated by colons", above="platform/ai"),
    statement(
        "a pool outside the quota", "set compute-core quota gpu-mi300x-count to 4 in compartment {compartment}",
        "4; must allow 8 or more of gpu-mi300x-count: needed are pool mi300x 8",
    ),
    statement(
        "a pattern that takes the pool's GPUs away", "zero compute-core quotas /gpu*/ in tenancy",
        "0; must allow 8 or more of gpu-mi300x-count",
    ),
    statement(
        "a quota family that does not exist", "zero computer-core quota gpu-mi300x-count in tenancy",
        "'computer-core'; must be a family of quotas",
    ),
    statement(
        "a quota of another family", "set block-storage quota vcn-count to 3 in compartment {compartment}",
        "'vcn-count'; must be a quota of block-storage",
    ),
    statement(
        "a placeholder in capitals", "zero vcn quotas in compartment {COMPARTMENT}", "must be `set FAMILY quota NAME to"
    ),
    Wrong(
        "GPUs whose quota no source names", [(QUOTAS, {}), ("gpu.pools.0.shape", "BM.GPU.MI355X.8")],
        f"{QUOTAS}.otherGpus", "no source names the quota of BM.GPU.MI355X.8",
    ),
    quotas("a huge limit", ".limits['vcn-count']", "must be 999,999,999,999,999 or less", limits={"vcn-count": 10**18}),
    statement(
        "a pattern of no quota", "zero compute-core quota /gpu-mi400*/ in tenancy",
        "'/gpu-mi400*/'; must be a quota of compute-core",
    ),
    statement(
        "an unknown region in a condition", "zero vcn quota vcn-count in tenancy where request.region = us-asburn-1",
        "'us-asburn-1'; must be the name of an OCI region. Did you mean `us-ashburn-1`?",
    ),
    statement(
        "a pool outside the quota of its region",
        "zero compute-core quotas in tenancy where any {request.region = us-phoenix-1, request.region = us-ashburn-1}",
        "0; must allow 8 or more of gpu-mi300x-count",
    )._replace(others=True),
    statement(
        "a pool outside the quota of one domain",
        "set compute-core quota gpu-mi300x-count to 4 in tenancy where request.ad = 'Uocm:US-ASHBURN-AD-1'",
        "4; must allow 8 or more of gpu-mi300x-count",
    ),
    statement("a set without a number", "set vcn quota vcn-count in tenancy", "must be `set FAMILY quota NAME to"),
    statement("a zero with a number", "zero vcn quota vcn-count to 3 in tenancy", "must be `set FAMILY quota NAME to"),
    statement(
        "a condition on a user", "zero vcn quota vcn-count in compartment x where request.user.id = 'x'",
        "must have a condition on request.region or request.ad",
    ),
    quotas(
        "a statement twice", ".statements[1]", "must not be repeated",
        statements=["zero goldengate quotas in tenancy"] * 2,
    ),
    quotas("an OCID as a path", ".above", "must be names of compartments", above="ocid1.compartment.oc1..aaaa"),
    quotas("more headroom than ten times", ".headroomPercent", "1001; must be 1000 or less", headroomPercent=1001),
]  # fmt: skip

COSTS = "governance.costs"
DAILY: dict[str, Any] = {
    "mostPerDay": 2000,
    "image": "iad.ocir.io/space/daily-cost:1.0.0",
    "imageDigest": f"sha256:{'0' * 64}",
}
REPORT = {"bucket": "model-artifacts", "first": "2026-12-01T06:00:00Z"}


def daily(name: str, at: str, message: str, **changes: Any) -> Wrong:
    """A wrong daily watch."""
    return Wrong(name, [(f"{COSTS}.daily", {**DAILY, **changes})], f"{COSTS}.daily{at}", message)


def anomalies(name: str, at: str, message: str, **changes: Any) -> Wrong:
    """A wrong monitor of unusual costs."""
    given = {"recipients": ["finops@example.com"], **changes}
    return Wrong(name, [(f"{COSTS}.anomalies", given)], f"{COSTS}.anomalies{at}", message)


def report(name: str, at: str, message: str, **changes: Any) -> Wrong:
    """A wrong cost report."""
    change = (f"{COSTS}.reports", {"monthly": {**REPORT, **changes}})
    return Wrong(name, [change], f"{COSTS}.reports['monthly']{at}", message)


OF_COSTS: list[Wrong] = [
    daily("a schedule with seconds", ".times", "must have five fields", times="0 0 12 * * *"),
    daily("a schedule that never comes", ".times", "must name a day that exists", times="0 12 31 2 *"),
    daily("a watch of every hour", ".times", "must be once a day, e.g. 0 12 * * *", times="0 * * * *"),
    daily("a watch of Mondays", ".times", "must be once a day", times="0 12 * * 1"),
    daily("a schedule with seconds and a year", ".times", "must have five fields", times="0 0 12 * * ? 2027"),
    daily("a day for too much", ".mostPerDay", "must be 999,999,999,999 or less", mostPerDay=10**15),
    daily("a day for nothing", ".mostPerDay", "0; must be a whole number of 1 or more", mostPerDay=0),
    daily("an image of another registry", ".image", "must be an image with a tag in OCI's registry", image="x/y:1"),
    daily(
        "an image of another region", ".image", "must be in the registry of us-ashburn-1: iad.ocir.io",
        image="phx.ocir.io/space/daily-cost:1.0.0",
    ),
    daily("a digest that is a tag", ".imageDigest", "must be sha256: and 64 hexadecimal digits", imageDigest="1.0"),
    daily("a topic that does not exist", ".topic", "must be a topic of observability.topics", topic="crtical"),
    anomalies("a monitor that tells nobody", ".recipients", "must have an e-mail address or more", recipients=[]),
    anomalies(
        "a recipient twice", ".recipients[1]", "must not be repeated",
        recipients=["a@example.com", "a@example.com"],
    ),
    anomalies(
        "a recipient in another case", ".recipients[1]", "must not be repeated",
        recipients=["a@example.com", "A@example.com"],
    ),
    anomalies("a negative difference", ".abovePercent", "-5; must be a whole number of 1", abovePercent=-5),
    report("a report into no bucket", ".bucket", "must be a bucket of storage.buckets", bucket="reports"),
    report("a report every hour", ".every", "'HOURLY'; must be a recurrence", every="HOURLY"),
    report("a report with a cron expression", ".every", "must be a recurrence", every="0 0 6 1 * *"),
    report("a report from a date without a time", ".first", "must be a UTC time such as", first="2026-12-01"),
    report("a report from a day that does not exist", ".first", "must be a UTC time", first="2026-02-31T06:00:00Z"),
    Wrong(
        "a report with a space in its name", [(f"{COSTS}.reports", {"a b": REPORT})], f"{COSTS}.reports['a b']",
        "must be 1 to 100 letters",
    ),
    Wrong(
        "a report whose policy gets too long a name", [(f"{COSTS}.reports", {"r" * 95: REPORT})],
        f"{COSTS}.reports['{'r' * 95}']", "an IAM name, which has at most 100 characters",
    ),
    Wrong(
        "a budget of too many digits", [("governance.budget", {"monthlyAmount": 10**12})],
        "governance.budget.monthlyAmount", "must be 999,999,999,999 or less",
    ),
    Wrong(
        "a budget's recipient twice",
        [("governance.budget", {"monthlyAmount": 9, "recipients": ["a@example.com", "a@example.com"]})],
        "governance.budget.recipients[1]", "must not be repeated",
    ),
    Wrong(
        "a forecast of no percent", [("governance.budget", {"monthlyAmount": 9, "forecastPercentages": [0]})],
        "governance.budget.forecastPercentages[0]", "0; must be 1 to 10000 percent",
    ),
    Wrong(
        "a budget's topic that does not exist",
        [("governance.budget", {"monthlyAmount": 100, "topic": "finance"})],
        "governance.budget.topic", "must be a topic of observability.topics",
    ),
    Wrong(
        "a budget's topic in another region than its events",
        [("governance.budget", {"monthlyAmount": 100, "topic": "critical"}), ("tenancy.homeRegion", "us-phoenix-1")],
        "governance.budget.topic", "budgets' events happen in us-phoenix-1",
    ),
]  # fmt: skip

EVERY = [*OF_TAGS, *OF_QUOTAS, *OF_COSTS]
