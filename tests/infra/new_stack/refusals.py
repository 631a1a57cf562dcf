"""Wrong uses of `playground new`: the words after the name, what is wrong, and the path and text of the refusal."""

from collections.abc import Sequence
from dataclasses import dataclass

TENANCY = "ocid1.tenancy.oc1..aaaaaaaaown"

PROFILES = f"""[DEFAULT]
user=ocid1.user.oc1..aaaaaaaaown
tenancy={TENANCY}
region=us-ashburn-1
[lost]
tenancy=ocid1.user.oc1..aaaaaaaaown
[elsewhere]
tenancy={TENANCY}
region=us-ashburn-9
"""

BASE = """# staging, in 10.0.0.0/16
config:
  genai-playground:tenancy:
    region: us-ashburn-1
    tenancyId: ocid1.tenancy.oc1..REPLACE-ME
    compartmentId: ocid1.compartment.oc1..REPLACE-ME
  genai-playground:network: {cidr: 10.0.0.0/16, bastionClientCidrs: [203.0.113.0/24]}
"""
SALTED = "encryptionsalt: v1:KkiIIklIQJs=:v1:wFzCEFMqso6nNhw8:U28huekKaY3C6XSneU78cxf0XGqkCg==\n"
"""The engine's form, for the passphrase `right`."""

ANCHORED = """config:
  genai-playground:network: {cidr: &range 10.0.0.0/16, bastionClientCidrs: [203.0.113.0/24]}
  genai-playground:tenancy:
    region: us-ashburn-1
    tenancyId: ocid1.tenancy.oc1..REPLACE-ME
    compartmentId: ocid1.compartment.oc1..REPLACE-ME
    tags: {Range: *range}
"""
SECRET = BASE + "  genai-playground:serving: {huggingFaceToken: {secure: v1:AAAA:BBBB}}\n"


@dataclass(frozen=True)
class Refusal:
    """A wrong use: the words of the command, files to write, variables, and what the refusal says."""

    name: str
    words: Sequence[str]
    says: Sequence[str]
    status: int = 1
    files: tuple[tuple[str, str], ...] = (("Pulumi.staging.yaml", BASE),)
    variables: tuple[tuple[str, str], ...] = ()


FROM = ("--from", "staging")

REFUSALS = (
    Refusal("upper case", ("QA", *FROM), ("NAME: 'QA'; must be 1 to 40 of a-z, 0-9 and -",)),
    Refusal("hyphen at the end", ("qa-", *FROM), ("NAME: 'qa-'; must be 1 to 40",)),
    Refusal("digit first", ("1qa", *FROM), ("NAME: '1qa'; must be 1 to 40",)),
    Refusal("path as a name", ("../qa", *FROM), ("NAME: '../qa'; must be 1 to 40",)),
    Refusal("too long", ("q" * 41, *FROM), ("must be 1 to 40",)),
    Refusal("taken", ("staging", *FROM), ("NAME: 'staging'; already has the file Pulumi.staging.yaml",)),
    Refusal("no source", ("qa",), ("Missing option '--from'",), status=2),
    Refusal(
        "unknown source", ("qa", "--from", "stagin"), ("--from: 'stagin'", "Stacks here: staging"), status=2
    ),
    Refusal(
        "every word",
        (
            *("QA_1", "--from", "stagin", "--region", "us-ashburn-9", "--compartment", "qa"),
            *("--profile", "DEFUALT", "--cidr", "10.0.0.1/16"),
        ),
        (
            "NAME: 'QA_1'; must be 1 to 40",
            "--from: 'stagin'; has no file Pulumi.stagin.yaml. Stacks here: staging",
            "--region: 'us-ashburn-9'",
            "--compartment: 'qa'; must be an OCID",
            "--profile: 'DEFUALT'; must be a profile of",
            "--cidr: '10.0.0.1/16'; must be an IPv4 network",
        ),
    ),
    Refusal(
        "a name, a range and a passphrase",
        ("QA_1", *FROM, "--cidr", "10.0.128.0/17"),
        (
            "NAME: 'QA_1'; must be 1 to 40",
            "--cidr: '10.0.128.0/17'; overlaps 10.0.0.0/16",
            "serving.huggingFaceToken: '[encrypted]'; need the passphrase of staging",
        ),
        files=(("Pulumi.staging.yaml", SECRET + SALTED),),
    ),
    Refusal(
        "source that is no YAML",
        ("qa", *FROM),
        ("Pulumi.staging.yaml, line 2",),
        files=(("Pulumi.staging.yaml", "config:\n\ta: b\n"),),
    ),
    Refusal(
        "source with problems",
        ("qa", *FROM),
        ("the settings of staging, which must be correct", "network.cidr: '10.0.0.0/8'"),
        files=(("Pulumi.staging.yaml", BASE.replace("cidr: 10.0.0.0/16", "cidr: 10.0.0.0/8")),),
    ),
    Refusal(
        "source with anchors",
        ("qa", *FROM),
        ("Pulumi.staging.yaml: 'YAML'; contains an anchor",),
        files=(("Pulumi.staging.yaml", ANCHORED),),
    ),
    Refusal(
        "another stack cannot be read",
        ("qa", *FROM),
        ("Pulumi.broken.yaml, line 2",),
        files=(("Pulumi.staging.yaml", BASE), ("Pulumi.broken.yaml", "config:\n\ta: b\n")),
    ),
    Refusal(
        "no free range",
        ("qa", *FROM),
        (
            "network.cidr: '10.0.0.0/16'; a free /16 is in none of 10.0.0.0/8",
            "Choose a smaller range with --cidr",
        ),
        files=(
            ("Pulumi.staging.yaml", BASE),
            *(
                (f"Pulumi.s{number}.yaml", f"config: {{genai-playground:network: {{cidr: {cidr}}}}}\n")
                for number, cidr in enumerate(("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
            ),
        ),
    ),
    Refusal(
        "range of another stack",
        ("qa", *FROM, "--cidr", "10.0.128.0/17"),
        ("--cidr: '10.0.128.0/17'; overlaps 10.0.0.0/16",),
    ),
    Refusal(
        "range of the services",
        ("qa", *FROM, "--cidr", "10.96.0.0/16"),
        ("--cidr: '10.96.0.0/16'; overlaps 10.96.0.0/16",),
    ),
    Refusal(
        "no range",
        ("qa", *FROM, "--cidr", "10.0.0.1/16"),
        ("--cidr: '10.0.0.1/16'; must be an IPv4 network",),
    ),
    Refusal(
        "IPv6 range", ("qa", *FROM, "--cidr", "fd00::/48"), ("--cidr: 'fd00::/48'; must be an IPv4 network",)
    ),
    Refusal(
        "range too small",
        ("qa", *FROM, "--cidr", "10.1.0.0/28"),
        ("Pulumi.qa.yaml, which was not written", "network."),
    ),
    Refusal(
        "unknown region",
        ("qa", *FROM, "--region", "us-ashburn-9"),
        ("--region: 'us-ashburn-9'", "Did you mean `us-ashburn-2`?"),
    ),
    Refusal(
        "no compartment",
        ("qa", *FROM, "--compartment", "ocid1.vcn.oc1.iad.aaaa"),
        ("--compartment: 'ocid1.vcn.oc1.iad.aaaa'; must be the OCID of compartment",),
    ),
    Refusal(
        "unknown profile",
        ("qa", *FROM, "--profile", "DEFUALT"),
        ("--profile: 'DEFUALT'; must be a profile of", "Did you mean `DEFAULT`?"),
    ),
    Refusal(
        "profile without a tenancy",
        ("qa", *FROM, "--profile", "lost"),
        ("--profile: 'ocid1.user.oc1..aaaaaaaaown'; must be the OCID of a tenancy in",),
    ),
    Refusal(
        "profile in no region",
        ("qa", *FROM, "--profile", "elsewhere"),
        ("--profile: 'us-ashburn-9'; must be the name of an OCI region",),
    ),
    Refusal(
        "passphrase not set",
        ("qa", *FROM),
        (
            "serving.huggingFaceToken: '[encrypted]'; need the passphrase of staging",
            "Set PULUMI_CONFIG_PASSPHRASE",
        ),
        files=(("Pulumi.staging.yaml", SECRET + SALTED),),
    ),
    Refusal(
        "another passphrase",
        ("qa", *FROM),
        ("serving.huggingFaceToken: '[encrypted]'; are encrypted with another passphrase",),
        files=(("Pulumi.staging.yaml", SECRET + SALTED),),
        variables=(("PULUMI_CONFIG_PASSPHRASE", "wrong"),),
    ),
    Refusal(
        "encrypted by a service",
        ("qa", *FROM),
        ("serving.huggingFaceToken: '[encrypted]'; are encrypted for staging alone",),
        files=(("Pulumi.staging.yaml", SECRET),),
    ),
)
