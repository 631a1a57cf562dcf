"""The user's own TLS certificate in OCI's Certificates service, for a load balancer. It can be renewed there."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pulumi
from pulumi_oci import certificatesmanagement

from components.options import child
from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse

_BLOCK = re.compile(r"-----BEGIN CERTIFICATE-----\s.*?\s-----END CERTIFICATE-----", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class ServerCertificateArgs:
    """Arguments of a ServerCertificate."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment for the certificate."""

    public_certificate: str
    """The server's own certificate in PEM, without its chain. A change creates a new version in place."""

    chain: str
    """The certificates that signed it, in PEM, nearest first. The service requires them. A self-signed certificate is
    its own chain."""

    private_key: pulumi.Input[str]
    """The private key in PEM, without a passphrase. It is a secret in the state."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class ServerCertificate(CheckedArgs, pulumi.ComponentResource):
    """An imported certificate. OCI has no public certificate authority, so it does not issue or renew this
    certificate."""

    certificate_id: pulumi.Output[str]
    """OCID of the certificate, the same for all versions."""

    def __init__(
        self, name: str, args: ServerCertificateArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        refuse(
            certificate_problems(args.public_certificate, args.chain, path=name), f"the certificate {name}"
        )
        super().__init__("genai:index:ServerCertificate", name, {}, opts)

        certificate = certificatesmanagement.Certificate(
            f"{name}-certificate",
            certificatesmanagement.CertificateArgs(
                compartment_id=args.compartment_id,
                name=name,
                description="TLS of the load balancer",
                certificate_config=certificatesmanagement.CertificateCertificateConfigArgs(
                    config_type="IMPORTED",
                    certificate_pem=args.public_certificate,
                    cert_chain_pem=args.chain,
                    private_key_pem=pulumi.Output.secret(args.private_key),
                ),
                freeform_tags=args.tags,
            ),
            opts=child(self),
        )

        self.certificate_id = certificate.id
        self.register_outputs({"certificateId": self.certificate_id})


def certificate_problems(public_certificate: str, chain: str, *, path: str) -> Iterator[Problem]:
    """Texts that are not PEM, and a chain in the wrong field. Values are not shown, because they may contain a key."""
    count = len(_BLOCK.findall(public_certificate))
    if count != 1:
        fix = (
            "Put the other certificates into `chain`"
            if count
            else "It must begin with -----BEGIN CERTIFICATE-----"
        )
        yield Problem(
            f"{path}.publicCertificate", f"{count} certificates", "must be one PEM certificate", fix
        )
    if not _BLOCK.search(chain):
        allowed = "must be PEM certificates, nearest to the server's first"
        fix = "A self-signed certificate is its own chain"
        yield Problem(f"{path}.chain", "no certificates", allowed, fix)
