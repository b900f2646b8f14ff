"""What a real Falco on this machine says of rules files, kept beside our own verdict."""
