"""What exceptions silence: more than was meant, or nothing for a value that is never there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules_export.findings import Severity
from rules_export.language.ast import Compare, Field
from rules_export.language.operators import LIST_OPERATORS, split
from rules_export.lints.context import Subject, conjuncts, literals
from rules_export.lints.families.exceptions import rows
from rules_export.lints.families.lists import nearest
from rules_export.lints.families.values import LIST_LIKE, PATHS, PROCESS_NAME_LENGTH, PROCESS_NAMES
from rules_export.lints.registry import Remark, lint
from rules_export.lints.wording import brief
from rules_export.ruleset.model import RuleException

_EXEC = "evt.type in (execve, execveat) and "
_EQUALS = ("=", "==", "in")
_PARTIAL = ("contains", "icontains", "startswith", "endswith", "pmatch", "glob", "iglob", "regex")
#: Texts that are part of nearly everything.
_EVERYTHING = re.compile(r"/|\*+|/\*+|\.\*|\^?\.[*+]\$?|.?", re.DOTALL)


def _clauses(subject: Subject) -> Iterator[tuple[RuleException, Compare]]:
    """The comparisons that the values of the exceptions stand for, each with its exception."""
    for one in subject.rule.exceptions:
        for _, whole in rows(one):
            for clause in conjuncts(whole) if whole is not None else ():
                if isinstance(clause, Compare) and isinstance(clause.left, Field):
                    yield one, clause


@lint(
    "MEWS_EXCEPTION_CONTAINER_ONLY",
    Severity.ADVICE,
    "An exception that asks about the container alone",
    hint="Whoever gets into that container is never seen again. Add what runs there: proc.exepath, proc.name.",
    place="exceptions",
    bad={"exceptions": (RuleException("backup_image", "container.image.repository", "in", ("acme/backup",)),)},
    good={
        "exceptions": (
            RuleException(
                "backup_image", ("container.image.repository", "proc.pname"), ("=", "="), (("acme/backup", "run.sh"),)
            ),
        )
    },
)
def exception_container_only(subject: Subject) -> Iterator[Remark]:
    for one in subject.rule.exceptions:
        fields = one.fields if isinstance(one.fields, tuple) else (one.fields,)
        named = [field for field in fields if isinstance(field, str)]
        if one.values and named and all(field.startswith(("container.", "k8s.")) for field in named):
            yield Remark(f"The exception {one.name} silences everything that happens in these containers.")


@lint(
    "MEWS_EXCEPTION_VALUE_BROAD",
    Severity.WARNING,
    "An exception with a value that is part of nearly everything",
    hint="Write the whole path, the whole name or a longer piece of it.",
    place="exceptions",
    bad={"exceptions": (RuleException("callers", ("proc.pexepath",), ("startswith",), (("/",),)),)},
    good={"exceptions": (RuleException("callers", ("proc.pexepath",), ("startswith",), (("/opt/backup/",),)),)},
)
def exception_value_broad(subject: Subject) -> Iterator[Remark]:
    for one, clause in _clauses(subject):
        broad = [text for text in literals(clause) if _EVERYTHING.fullmatch(text)]
        if split(clause.op)[0] in _PARTIAL and broad:
            yield Remark(f"In the exception {one.name} `{brief(clause)}` holds for nearly everything.")


@lint(
    "MEWS_EXCEPTION_NAME_LONG",
    Severity.WARNING,
    "An exception for a process name longer than the kernel keeps",
    hint="The kernel cuts the name of a process after 15 bytes; write what is left of it, or use proc.exepath.",
    place="exceptions",
    bad={"exceptions": (RuleException("callers", "proc.pname", "in", ("unattended-upgrades",)),)},
    good={"exceptions": (RuleException("callers", "proc.pname", "in", ("unattended-upgr",)),)},
)
def exception_name_long(subject: Subject) -> Iterator[Remark]:
    for one, clause in _clauses(subject):
        if clause.left.name not in PROCESS_NAMES or clause.op not in (*_EQUALS, "startswith"):
            continue
        for text in literals(clause):
            if len(text.encode(errors="replace")) > PROCESS_NAME_LENGTH and text not in subject.context.lists:
                cut = text.encode(errors="replace")[:PROCESS_NAME_LENGTH].decode(errors="ignore")
                yield Remark(
                    f"No process has the name {text} of the exception {one.name}: what is left of it is {cut}."
                )


@lint(
    "MEWS_EXCEPTION_PATH_NOT_ABSOLUTE",
    Severity.WARNING,
    "An exception for a path without a slash in front",
    hint="Paths are absolute; the name of a program alone is in proc.name.",
    place="exceptions",
    bad={"exceptions": (RuleException("callers", "proc.pexepath", "in", ("usr/bin/puppet",)),)},
    good={"exceptions": (RuleException("callers", "proc.pexepath", "in", ("/usr/bin/puppet",)),)},
)
def exception_path_not_absolute(subject: Subject) -> Iterator[Remark]:
    for one, clause in _clauses(subject):
        if clause.left.name not in PATHS or clause.op not in (*_EQUALS, "startswith"):
            continue
        for text in literals(clause):
            if text[:1] not in ("/", "<", "") and text not in subject.context.lists:
                yield Remark(f"No absolute path begins with {text}, as the exception {one.name} asks for.")


@lint(
    "MEWS_EXCEPTION_UNKNOWN_LIST",
    Severity.WARNING,
    "An exception for a list that nobody defined",
    hint="Falco silently takes an unknown name for a value. Define the list, or correct its name.",
    place="exceptions",
    bad={"exceptions": (RuleException("shells", "proc.pname", "in", ("shel_binaries",)),)},
    good={"exceptions": (RuleException("shells", "proc.pname", "in", ("shell_binaries",)),)},
)
def exception_unknown_list(subject: Subject) -> Iterator[Remark]:
    for one, clause in _clauses(subject):
        for text in literals(clause) if split(clause.op)[0] in LIST_OPERATORS else ():
            if LIST_LIKE.fullmatch(text) and text not in subject.context.lists:
                meant = nearest(text, subject)
                asked = f" Did you mean {meant}?" if meant else ""
                yield Remark(f"No list is named {text}: in the exception {one.name} it counts as a value.{asked}")


@lint(
    "MEWS_EXCEPTION_LIST_NAME_IN_VALUE",
    Severity.WARNING,
    "A list's name inside a value of an exception",
    hint="Falco puts a list's items wherever its name stands as a word, even in quotes. Rename the list or the value.",
    place="exceptions",
    bad={"exceptions": (RuleException("jobs", ("proc.cmdline",), ("=",), (("run known_tools now",),)),)},
    good={"exceptions": (RuleException("jobs", ("proc.cmdline",), ("=",), (("run known-tools now",),)),)},
)
def exception_list_name_in_value(subject: Subject) -> Iterator[Remark]:
    from rules_export.catalog.macros import words

    for one, clause in _clauses(subject):
        for text in literals(clause):
            found = sorted(words(text) & subject.context.lists.keys()) if text not in subject.context.lists else []
            if found:
                told = f"puts the items of the list {found[0]} into the value {text}"
                yield Remark(f"In the exception {one.name} Falco {told}.")


@lint(
    "MEWS_EXCEPTION_NAME_STYLE",
    Severity.ADVICE,
    "The name of an exception is not in lower case",
    hint="Names of exceptions are lower_case_with_underscores, and say whom they let pass.",
    place="exceptions",
    bad={"exceptions": (RuleException("Backup Jobs", "user.name", "in", ("backup",)),)},
    good={"exceptions": (RuleException("backup_jobs", "user.name", "in", ("backup",)),)},
)
def exception_name_style(subject: Subject) -> Iterator[Remark]:
    for one in subject.rule.exceptions:
        if one.name and not re.fullmatch(r"[a-z0-9_]+", one.name):
            proper = re.sub(r"[^a-z0-9]+", "_", one.name.lower()).strip("_")
            yield Remark(f"{one.name} would be {proper}.")
