"""Kubernetes Engine (OKE): clusters, node pools, add-ons."""
