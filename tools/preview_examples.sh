#!/bin/sh
# Preview every example in examples/, or the named ones, on the sandbox. Stop at the first failure.
# usage: preview_examples.sh [NAME...]
set -eu
make setup
scratch=$(mktemp -d)
export SANDBOX_HOME="$scratch/home"
file=
trap 'rm -rf "$scratch"; [ -z "$file" ] || rm -f "$file"' EXIT INT TERM

[ $# -gt 0 ] || set -- examples/*.yaml
for each in "$@"; do
    name=$(basename "$each" .yaml)
    [ ! -e "Pulumi.$name.yaml" ] || { echo "Pulumi.$name.yaml already exists and would be overwritten" >&2; exit 2; }
    file="Pulumi.$name.yaml"
    cp "examples/$name.yaml" "$file"
    echo "== $name"
    .venv/bin/sandbox preview --stack "$name" --suppress-outputs --event-log "$scratch/events" > "$scratch/log" 2>&1 ||
        { cat "$scratch/log"; exit 1; }
    tail -n 4 "$scratch/log"
    .venv/bin/python -m tools.policies "$name" "$scratch/events"
    rm -f "$file"
    file=
done
