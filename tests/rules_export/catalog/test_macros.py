"""The library of macros and lists."""

from __future__ import annotations

import pytest

from rules_export.catalog.macros import LISTS, MACROS, UPSTREAM_FILES, ListInfo, MacroInfo
from rules_export.catalog.versions import deprecated_since
from rules_export.language.ast import Compare, ValueList
from rules_export.language.parser import parse
from rules_export.language.visitor import fields_used, identifiers, walk

EXPECTED = """
    spawned_process open_write open_read open_file open_directory container inbound outbound inbound_outbound rename
    remove mkdir modify sensitive_files bin_dir etc_dir never_true always_true proc_name_exists container_started
    interactive shell_procs package_mgmt_procs user_mgmt_procs network_tool_procs chmod create_symlink create_hardlink
    kernel_module_load dup system_users proc_is_new
    shell_binaries package_mgmt_binaries user_mgmt_binaries network_tool_binaries coreutils_binaries ssh_binaries
"""


def test_it_holds_what_detection_engineers_expect() -> None:
    assert not set(EXPECTED.split()) - set(MACROS) - set(LISTS)
    assert len(MACROS) >= 60


@pytest.mark.parametrize("macro", MACROS.values(), ids=lambda macro: macro.name)
def test_its_macros_parse_and_use_only_earlier_macros(macro: MacroInfo) -> None:
    node = parse(macro.condition)
    earlier = list(MACROS)[: list(MACROS).index(macro.name)]
    assert set(identifiers(node)) <= set(earlier)
    assert not [field.name for field in fields_used(node) if deprecated_since(field.name)]
    assert macro.description.endswith(".")
    assert macro.upstream_file in ("", *UPSTREAM_FILES)


@pytest.mark.parametrize("macro", MACROS.values(), ids=lambda macro: macro.name)
def test_its_macros_name_no_list_that_is_missing(macro: MacroInfo) -> None:
    named = {
        item
        for node in walk(parse(macro.condition))
        if isinstance(node, Compare) and isinstance(node.right, ValueList)
        for item in node.right.items
        if item.endswith(("_binaries", "_names", "_filenames", "_files", "_directories", "_addresses", "_sockets"))
    }
    assert named <= set(macro.lists)


@pytest.mark.parametrize("listed", LISTS.values(), ids=lambda listed: listed.name)
def test_its_lists_unfold_as_far_as_falco_unfolds_them(listed: ListInfo) -> None:
    earlier = list(LISTS)[: list(LISTS).index(listed.name)]
    assert set(listed.lists) <= set(earlier)
    assert not [deeper for name in listed.lists for deeper in LISTS[name].lists]
    assert len(set(listed.items)) == len(listed.items)


PROGRAMS = [listed for listed in LISTS.values() if listed.name.endswith("_binaries")]


@pytest.mark.parametrize("listed", PROGRAMS, ids=lambda listed: listed.name)
def test_its_process_names_fit_into_what_the_kernel_keeps(listed: ListInfo) -> None:
    assert not [item for item in listed.items if len(item.strip('"')) > 15 and item not in LISTS]
