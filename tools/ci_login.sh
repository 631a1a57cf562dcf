#!/bin/sh
# On a CI runner: create the environment, put the official engine on PATH, and write the credentials from variables.
set -eu
: "${OCI_CONFIG:?the secret OCI_CONFIG is missing: the text of an ~/.oci/config whose key_file is ~/.oci/key.pem}"
: "${OCI_KEY:?the secret OCI_KEY is missing: the private key in PEM form}"
: "${PULUMI_BACKEND_URL:?the variable PULUMI_BACKEND_URL is missing: see README, where the state is kept}"

make setup
engine=$(.venv/bin/sandbox engine --json | .venv/bin/python -c 'import json, sys; print(json.load(sys.stdin)["path"])')
dirname "$engine" >> "$GITHUB_PATH"
mkdir -p "$HOME/.oci"
(
    umask 077
    printf '%s\n' "$OCI_CONFIG" > "$HOME/.oci/config"
    printf '%s\n' "$OCI_KEY" > "$HOME/.oci/key.pem"
)
