"""The OKE cluster, its add-ons and its CPU node pools."""
