"""DNS: zones and the records in them."""
