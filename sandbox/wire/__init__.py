"""The sandbox's cloud on OCI's REST API: for the OCI CLI, the SDKs, Terraform and the real provider."""
