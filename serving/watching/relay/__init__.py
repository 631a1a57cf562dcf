"""The relay from Alertmanager to OCI Notifications, and the files from which its image is built."""
