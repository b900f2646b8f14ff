"""The commands for people: validate, lint, match, format, render."""

from __future__ import annotations

import argparse
import gc
import os
import sys

from rules_export.cli.errors import UsageError


def run_command(arguments: list[str]) -> int:
    """Run the command that the arguments name; returns the exit status (2 for arguments that make no sense)."""
    options = _parser().parse_args(arguments)
    try:
        status = int(options.run(options))
        sys.stdout.flush()
        return status
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except UsageError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1


def read_file(path: str) -> bytes:
    """A file's content, standard input for `-`."""
    if path == "-":
        return sys.stdin.buffer.read()
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        raise UsageError(f"Could not open file {path} for reading") from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="rules_export", description="Falco's rules, checked and tried out.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_validate(commands.add_parser("validate", help="say what Falco would say of rules files"))
    _add_lint(commands.add_parser("lint", help="say what the studio's lints say of rules files"))
    _add_needs(commands.add_parser("needs", help="say which Falco and plugins rules files need, and why"))
    _add_match(commands.add_parser("match", help="say which events a condition or a rules file matches"))
    _add_format(commands.add_parser("format", help="lay out a rules file, touching only what is not laid out yet"))
    _add_render(commands.add_parser("render", help="fill in an output template with the fields of an event"))
    commands.add_parser("batch", help="answer requests in JSON, one a line, until the input ends")
    return parser


def _add_plugins(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--plugins", choices=["container", "all"], default="container", help="which plugins are loaded")


def _add_validate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="rules files in the order in which Falco loads them")
    parser.add_argument("--json", action="store_true", help="print Falco's JSON report")
    parser.add_argument("--target", metavar="RELEASE", help="also say what this release of Falco lacks, such as 0.41")
    _add_plugins(parser)
    parser.set_defaults(run=_validate)


def _validate(options: argparse.Namespace) -> int:
    from rules_export.verdict.loading import validate
    from rules_export.verdict.report import as_json, as_text

    gc.disable()  # the run is over before it would pay
    files = [(path, read_file(path)) for path in options.files]
    if options.target is not None:
        from rules_export.cli.releases import validate_for

        return validate_for(files, options.target, options.plugins, options.json)
    verdict = validate(files, options.plugins)
    if verdict.fatal is not None:
        print(verdict.fatal, file=sys.stderr)
    else:
        _write(as_json(verdict) if options.json else as_text(verdict))
    return verdict.exit_code


def _add_lint(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="rules files in the order in which Falco loads them")
    parser.add_argument("--disable", action="append", default=[], metavar="CODE", help="leave this lint out")
    parser.add_argument("--json", action="store_true", help="print a JSON list of the findings")
    _add_plugins(parser)
    parser.set_defaults(run=_lint)


def _lint(options: argparse.Namespace) -> int:
    from rules_export.cli.linting import lint_files

    files = [(path, read_file(path)) for path in options.files]
    return lint_files(files, options.disable, options.plugins, options.json)


def _add_needs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="rules files in the order in which Falco loads them")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    _add_plugins(parser)
    parser.set_defaults(run=_needs)


def _needs(options: argparse.Namespace) -> int:
    from rules_export.cli.releases import tell_needs

    return tell_needs([(path, read_file(path)) for path in options.files], options.plugins, options.json)


def _add_match(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("rules", metavar="RULES", help="a rules file, or a condition with --condition")
    parser.add_argument("events", metavar="EVENTS", help="JSON Lines: {evt_id, fields}; - for standard input")
    parser.add_argument("--condition", action="store_true", help="RULES is a condition, not a file")
    _add_plugins(parser)
    parser.set_defaults(run=_match)


def _match(options: argparse.Namespace) -> int:
    from rules_export.cli.matching import match_lines

    content = b"" if options.condition else read_file(options.rules)
    events = read_file(options.events)
    for line in match_lines(options.rules, content, events, options.condition, options.plugins):
        _write(line)
    return 0


def _add_format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a rules file; - for standard input")
    parser.add_argument("--check", action="store_true", help="change nothing, exit with 1 if something would change")
    parser.add_argument("--write", action="store_true", help="write the file instead of printing it")
    parser.set_defaults(run=_format)


def _format(options: argparse.Namespace) -> int:
    from rules_export.write.rewriting import format_rules

    content = read_file(options.file)
    formatted = format_rules(content)
    if options.check:
        return int(formatted != content)
    if options.write and options.file != "-":
        if formatted != content:
            with open(options.file, "wb") as file:
                file.write(formatted)
    else:
        sys.stdout.buffer.write(formatted)
    return 0


def _add_render(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("template", metavar="TEMPLATE", help="an output template, such as 'opened (file=%%fd.name)'")
    parser.add_argument("events", metavar="EVENTS", help="JSON Lines: {fields}; - for standard input")
    _add_plugins(parser)
    parser.set_defaults(run=_render)


def _render(options: argparse.Namespace) -> int:
    from rules_export.cli.matching import events_of
    from rules_export.errors import OutputError
    from rules_export.output.template import parse, prepare

    try:
        template = parse(prepare(options.template)[0], plugins=options.plugins)
    except OutputError as error:
        raise UsageError(f"Falco refuses this template: {error.message}") from None
    for event in events_of(read_file(options.events)):
        _write(template.render(event["fields"]))
    return 0


def _write(text: str) -> None:
    sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n")
