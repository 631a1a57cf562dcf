"""Who may do what: the grants of IAM policies and of Kubernetes, read from resources alone."""
