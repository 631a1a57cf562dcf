"""The image of GPU nodes that tests import."""

CURRENT_MI300X_IMAGE = (
    "Canonical-Ubuntu-24.04-2026.02.28-0-KERNEL-ORACLE-6.8-DOCA-OFED-3.4.0-AMD-ROCM-724-2026.07.13-0.oci"
)
"""The image that oci-hpc-oke listed for BM.GPU.MI300X.8 in July 2026. Its address in docs/worker-node-images.json
changes: look it up by this name. Oracle has no platform image with ROCm."""
