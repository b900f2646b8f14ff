"""What `falco -V` would say of rules files."""
