"""The catalogue's fields: what Falco finds, and what it says of what it does not find."""

from __future__ import annotations

import pytest

from rules_export.catalog.fields import CatalogError, all_fields, is_field, lookup, suggest
from rules_export.catalog.sources import classes_of, sources


def _split(text):
    name, bracket, rest = text.partition("[")
    return name, rest[:-1] if bracket else None


@pytest.mark.parametrize(
    ("text", "name", "type_"),
    [
        ("proc.name", "proc.name", "CHARBUF"),
        ("proc.aname[2]", "proc.aname", "CHARBUF"),
        ("proc.aname[-1]", "proc.aname", "CHARBUF"),
        ("proc.env[PATH]", "proc.env", "CHARBUF"),
        ("evt.arg[1]", "evt.arg", "CHARBUF"),
        ("evt.arg.fd", "evt.arg", "CHARBUF"),
        ("evt.rawarg.flags", "evt.rawarg", "FLAGS32"),
        ("evt.rawarg.res", "evt.rawarg", "ERRNO"),
        ("evt.around[5]", "evt.around", "UINT64"),
        ("evt.type.is.open", "evt.type.is", "UINT32"),
        ("evt.type.is.306", "evt.type.is", "UINT32"),
        ("evt.abspath.src", "evt.abspath", "CHARBUF"),
        ("thread.cgroup.memory", "thread.cgroup", "CHARBUF"),
        ("fd.types[1]", "fd.types", "CHARBUF"),
        ("container.label[a/b]", "container.label", "CHARBUF"),
        ("container.mount[0]", "container.mount", "CHARBUF"),
        ("util.cnt", "util.cnt", "UINT64"),
    ],
)
def test_it_finds_fields_with_their_arguments(text, name, type_):
    info = lookup(*_split(text))
    assert (info.name, info.type) == (name, type_)
    assert is_field(text)


_UNKNOWN = "filter_check called with nonexistent field "


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("proc.nmae", _UNKNOWN + "proc.nmae"),
        ("proc.name[1]", _UNKNOWN + "proc.name[1]"),
        ("proc.aname[x]", _UNKNOWN + "proc.aname[x]"),
        ("evt.arg.fdx", _UNKNOWN + "evt.arg.fdx"),
        ("evt.arg.zzz", "unknown event argument zzz"),
        ("evt.rawarg.zzz", "unknown event argument zzz"),
        ("evt.arg[x]", "x is not a valid number"),
        ("evt.rawarg[1]", "evt.arg fields must be expressed explicitly"),
        ("evt.arg", "filter syntax error: evt.arg"),
        ("evt.argx", "filter syntax error: evt.argx"),
        ("evt.argsx", _UNKNOWN + "evt.argsx"),
        ("evt.around", "filter syntax error: evt.around"),
        ("evt.around.x", "wrong syntax for evt.around"),
        ("evt.type.is", "filter syntax error: evt.type.is"),
        ("evt.type.is.nothing", _UNKNOWN + "evt.type.is.nothing"),
        ("evt.abspath.up", _UNKNOWN + "evt.abspath.up"),
        ("thread.cgroup", "filter syntax error: thread.cgroup"),
        ("thread.cgroup[memory]", "filter syntax error: thread.cgroup[memory]"),
        ("fd.types[file]", "file is not a valid number"),
        ("container.label", "filter 'container.label': container.label requires an argument but none provided"),
        ("container.label[a b]", "filter 'container.label[a': container.label has unbalanced argument brackets"),
        (
            "container.id[1.5]",
            "filter 'container.id[1.5]': container.id does not allow nor require an argument but one is provided: 1.5",
        ),
        ("container.label[a]b]", _UNKNOWN + "container.label[a]b]"),
        ("json.value[/a]", _UNKNOWN + "json.value[/a]"),
    ],
)
def test_it_says_what_falco_says_of_fields_that_it_does_not_find(text, message):
    with pytest.raises(CatalogError) as caught:
        lookup(*_split(text))
    assert caught.value.message == message


def test_it_forgets_empty_brackets():
    assert lookup("proc.name", "").name == "proc.name"


def test_it_knows_which_source_has_which_fields():
    assert lookup("evt.num", None, "k8s_audit", "all").type == "UINT64"
    assert lookup("ka.verb", None, "k8s_audit", "all").class_ == "k8saudit"
    assert lookup("json.value", "/a", "syscall", "all").name == "json.value"
    for name, source in [("proc.name", "k8s_audit"), ("evt.type", "k8s_audit"), ("ka.verb", "syscall")]:
        with pytest.raises(CatalogError, match="nonexistent field"):
            lookup(name, None, source, "all")
    assert sources() == ("syscall",)
    assert "k8s_audit" in sources("all")
    assert classes_of("k8s_audit", "all") == ("generic", "k8saudit", "json")


def test_it_lists_all_fields_with_their_flags():
    by_name = {info.name: info for info in all_fields()}
    assert len(by_name) == 294
    assert by_name["evt.dir"].deprecated
    assert not by_name["evt.outputtime"].filterable
    assert not by_name["fd.net"].printable
    assert not by_name["proc.aname"].transformers_allowed
    assert not by_name["fd.types"].rhs_allowed
    assert by_name["fd.types"].is_list


def test_it_suggests_what_was_meant():
    assert suggest("proc.nmae")[0] == "proc.name"
    assert suggest("container.image.repo") != []
    assert suggest("nothing.like.it") == []
