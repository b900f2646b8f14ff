"""The engine of Mews: everything between a rule and the YAML file that Falco loads."""
