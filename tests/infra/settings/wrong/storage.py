"""Wrong storage: the mistake, changes to a valid configuration, path and message of the problem."""

from tests.infra.settings.examples import DELETE, Change
from tests.infra.settings.wrong.case import Wrong

SECOND = ("tenancy.secondRegion", "us-phoenix-1")
BUCKET = "storage.buckets.0"
VOLUMES = {"metrics": {"sizeGib": 100}}
GROUP = {"name": "state", "volumes": VOLUMES}
KEPT = {"name": "kept", "retentionDays": 30, "developers": "write"}
DAILY = {"period": "daily", "keepDays": 7}


def group(**changes: object) -> Change:
    return ("storage.volumeGroups", [{**GROUP, **changes}])


def lustre(**changes: object) -> Change:
    return ("storage.lustre", changes)


def files(**changes: object) -> Change:
    return ("storage.fileStorage", changes)


def rule(action: str, days: int, target: str = "objects") -> dict[str, object]:
    return {"r": {"action": action, "days": days, "target": target}}


STORAGE: list[Wrong] = [
    Wrong(
        "developers who overwrite retained objects",
        [("storage.buckets", [{"name": "model-artifacts"}, KEPT])],
        "storage.buckets[1].developers",
        "'write'; must be `nothing` or `read`: retentionDays prevents overwriting",
    ),
    Wrong(
        "served objects that are archived",
        [(f"{BUCKET}.served", True), (f"{BUCKET}.lifecycle", rule("ARCHIVE", 90))],
        "storage.buckets[0].lifecycle['r'].target",
        "'objects'; must be previous-object-versions with ARCHIVE",
    ),
    Wrong(
        "served objects that are deleted",
        [(f"{BUCKET}.served", True), (f"{BUCKET}.lifecycle", rule("DELETE", 365))],
        "storage.buckets[0].lifecycle['r'].target",
        "'objects'; must be previous-object-versions with DELETE",
    ),
    Wrong(
        "a served bucket in the archive tier",
        [(f"{BUCKET}.served", True), (f"{BUCKET}.storageTier", "Archive")],
        "storage.buckets[0].storageTier",
        "'Archive'; must be Standard: the bucket is served",
    ),
    Wrong(
        "rules for older versions without versions",
        [
            (f"{BUCKET}.versioning", DELETE),
            (f"{BUCKET}.lifecycle", rule("DELETE", 9, "previous-object-versions")),
        ],
        "storage.buckets[0].lifecycle['r'].target",
        "'previous-object-versions'; must not be older versions",
    ),
    Wrong(
        "retention and versions",
        [(f"{BUCKET}.retentionDays", 2557)],
        "storage.buckets[0].retentionDays",
        "2557; must not be combined with versioning",
    ),
    Wrong(
        "a retention lock without retention",
        [(f"{BUCKET}.retentionLockTime", "2027-01-31T00:00:00Z")],
        "storage.buckets[0].retentionLockTime",
        "'2027-01-31T00:00:00Z'; must not be set without retentionDays",
    ),
    Wrong(
        "a retention lock with an invalid time",
        [
            (f"{BUCKET}.versioning", DELETE),
            (f"{BUCKET}.retentionDays", 9),
            (f"{BUCKET}.retentionLockTime", "next year"),
        ],
        "storage.buckets[0].retentionLockTime",
        "'next year'; must be a time in UTC such as",
    ),
    Wrong(
        "a copy without a second region",
        [(f"{BUCKET}.replicate", True)],
        "tenancy.secondRegion",
        "missing; must be set with storage.buckets[0].replicate",
    ),
    Wrong(
        "a copy in the same region",
        [("tenancy.secondRegion", "us-ashburn-1")],
        "tenancy.secondRegion",
        "'us-ashburn-1'; must be a different region from the bucket's",
    ),
    Wrong(
        "an unknown second region",
        [("tenancy.secondRegion", "us-fenix-1")],
        "tenancy.secondRegion",
        "'us-fenix-1'; must be the name of an OCI",
    ),
    Wrong(
        "a volume too small",
        [group(volumes={"vol": {"sizeGib": 49}})],
        "storage.volumeGroups[0].volumes['vol'].sizeGib",
        "49; must be from 50 to 32,768 GiB",
    ),
    Wrong(
        "a performance between the steps",
        [group(volumes={"vol": {"sizeGib": 50, "vpusPerGib": 15}})],
        "storage.volumeGroups[0].volumes['vol'].vpusPerGib",
        "15; must be a multiple of 10 from 0 to 120",
    ),
    Wrong(
        "a ceiling at the floor",
        [group(volumes={"vol": {"sizeGib": 50, "maxVpusPerGib": 10}})],
        "storage.volumeGroups[0].volumes['vol'].maxVpusPerGib",
        "10; must be more than vpusPerGib, 10",
    ),
    Wrong(
        "a group without volumes",
        [group(volumes={})],
        "storage.volumeGroups[0].volumes",
        "0; must be 1 to 64 volumes",
    ),
    Wrong(
        "a weekly backup kept for three days",
        [group(backups={"weekly": {"period": "weekly", "keepDays": 3}})],
        "storage.volumeGroups[0].backups['weekly'].keepDays",
        "3; must be 7 or more: otherwise there are days",
    ),
    Wrong(
        "an unknown period",
        [group(backups={"often": {"period": "minutely", "keepDays": 3}})],
        "storage.volumeGroups[0].backups['often'].period",
        "'minutely'; must be one of hourly, daily",
    ),
    Wrong(
        "copies of backups without a schedule",
        [group(copyBackups=True), SECOND],
        "storage.volumeGroups[0].copyBackups",
        "true; must not be set",
    ),
    Wrong(
        "copies of backups without a second region",
        [group(copyBackups=True, backups={"daily": DAILY})],
        "tenancy.secondRegion",
        "missing; must be set with storage.volumeGroups[0].copyBackups",
    ),
    Wrong(
        "two groups with the same name",
        [("storage.volumeGroups", [GROUP, GROUP])],
        "storage.volumeGroups[1].name",
        "'state'; must be unique",
    ),
    Wrong(
        "a domain that the region lacks",
        [group(availabilityDomain=2), ("tenancy.region", "us-sanjose-1")],
        "storage.volumeGroups[0].availabilityDomain",
        "2; must be 1 or less: us-sanjose-1 has no more availability domains",
        others=True,
    ),
    Wrong(
        "a key of another region",
        [group(keyId="ocid1.key.oc1.phx.vault1.aaaa")],
        "storage.volumeGroups[0].keyId",
        "'ocid1.key.oc1.phx.vault1.aaaa'; must be in the environment's region",
    ),
    Wrong(
        "an unknown key of nodes",
        [("gpu.pools.0.bootVolumeKeyId", "ocid1.vault.oc1.iad.aaaaaaaaexample")],
        "gpu.pools[0].bootVolumeKeyId",
        "must be the OCID of key, not of vault",
    ),
    Wrong(
        "a name too long for Lustre",
        [lustre(name="modelweights")],
        "storage.lustre.name",
        "'modelweights'; must be 1 to 8 letters",
    ),
    Wrong(
        "a capacity between the steps of Lustre",
        [lustre(capacityGb=30_000)],
        "storage.lustre.capacityGb",
        "30000; must be 31,200 GB, or more in steps of 10,400 up to 124,800",
    ),
    Wrong(
        "a capacity between the larger steps of Lustre",
        [lustre(capacityGb=140_000)],
        "storage.lustre.capacityGb",
        "The next valid size is 166,400",
    ),
    Wrong(
        "an invalid throughput",
        [lustre(mbpsPerTb=300)],
        "storage.lustre.mbpsPerTb",
        "300; must be one of 125, 250, 500, 1000",
    ),
    Wrong(
        "a link to a missing bucket",
        [lustre(links={"mod": {"bucket": "model-artefacts"}})],
        "storage.lustre.links['mod'].bucket",
        "'model-artefacts'; must be the name of a bucket in storage.buckets. Did you mean `model-artifacts`?",
    ),
    Wrong(
        "a subnet too small for Lustre",
        [lustre(capacityGb=998_400), ("network.subnets", {"private": "10.0.2.0/24"})],
        "network.subnets.private",
        "has 253 usable addresses and must have 602 or more. /22 is large enough",
    ),
    Wrong(
        "an invalid export path",
        [files(exportPath="weights")],
        "storage.fileStorage.exportPath",
        "'weights'; must begin with /",
    ),
    Wrong(
        "snapshots kept for zero days",
        [files(snapshotDays=0)],
        "storage.fileStorage.snapshotDays",
        "0; must be 1 or more days",
    ),
    Wrong(
        "a domain that no region has",
        [files(availabilityDomain=4)],
        "storage.fileStorage.availabilityDomain",
        "4; must be 3 or less",
    ),
]
