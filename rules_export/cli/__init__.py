"""What the command line does with its arguments: one module for the batch loop, one for the other commands."""
