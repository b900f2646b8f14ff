"""Rules written as YAML: one by one, in place in a file, or as a bundle that Falco loads."""
