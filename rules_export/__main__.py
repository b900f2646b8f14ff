"""The command line of the engine: validate | match | format | render | batch."""

from __future__ import annotations

import sys


def main(argv: list[str] | None = None) -> int:
    """Run one command; its name is the first argument. Returns the exit status."""
    arguments = sys.argv[1:] if argv is None else argv
    if arguments == ["batch"]:
        from rules_export.cli.batch import run_batch

        return run_batch(sys.stdin.buffer, sys.stdout.buffer)
    from rules_export.cli.commands import run_command

    return run_command(arguments)


if __name__ == "__main__":
    raise SystemExit(main())
