"""The component package: what `pulumi package add` starts, see PulumiPlugin.yaml."""

from pulumi.provider.experimental import component_provider_host

from tools.component_package import components

if __name__ == "__main__":
    component_provider_host(components(), name="genai", version="0.1.0")
