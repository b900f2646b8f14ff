"""What Falco knows, as data: the one source of truth for forms, completion, checks and docs."""
