"""Every write to training. The rest of the portal takes the services from here."""
