"""Falco's names for its codes: the short ones of the text report, and how the JSON report describes warnings.

The `codedesc` of an error is its short name; that of a warning is a sentence of Falco's, which we say in our own words.
"""

from __future__ import annotations

SHORT = {
    "LOAD_ERR_FILE_READ": "File read error",
    "LOAD_ERR_YAML_PARSE": "YAML parse error",
    "LOAD_ERR_YAML_VALIDATE": "Error validating internal structure of YAML file",
    "LOAD_ERR_COMPILE_CONDITION": "Error compiling condition",
    "LOAD_ERR_COMPILE_OUTPUT": "Error compiling output",
    "LOAD_ERR_VALIDATE": "Error validating rule/macro/list/exception objects",
    "LOAD_ERR_EXTENSION": "Error in extension item",
    "LOAD_UNKNOWN_SOURCE": "Unknown event source",
    "LOAD_UNSAFE_NA_CHECK": "Unsafe <NA> comparison in condition",
    "LOAD_NO_EVTTYPE": "Condition has no event-type restriction",
    "LOAD_UNKNOWN_FILTER": "Unknown field or event-type in condition or output",
    "LOAD_UNUSED_MACRO": "Unused macro",
    "LOAD_UNUSED_LIST": "Unused list",
    "LOAD_UNKNOWN_ITEM": "Unknown rules file item",
    "LOAD_DEPRECATED_ITEM": "Used deprecated item",
    "LOAD_WARNING_EXTENSION": "Warning in extension item",
    "LOAD_APPEND_NO_VALUES": "Overriding/appending with no values",
    "LOAD_EXCEPTION_NAME_NOT_UNIQUE": "Multiple exceptions defined with the same name",
    "LOAD_INVALID_MACRO_NAME": "Invalid macro name",
    "LOAD_INVALID_LIST_NAME": "Invalid list name",
    "LOAD_COMPILE_CONDITION": "Warning in rule condition",
    "LOAD_UNKNOWN_KEY": "Unknown key in item definition",
}

#: What a warning means and what to do, for people; the studio shows it as a finding's hint.
EXPLAINED = {
    "LOAD_UNKNOWN_SOURCE": "No loaded plugin provides this event source: Falco leaves the rule out. Load the plugin, "
    "or correct the source's name.",
    "LOAD_UNSAFE_NA_CHECK": "A comparison with <NA> does not tell whether a field has a value. Use `exists`.",
    "LOAD_NO_EVTTYPE": "The rule is tried on nearly every event, which costs Falco time. Name the system calls: "
    "begin with `evt.type in (…)`.",
    "LOAD_UNKNOWN_FILTER": "This Falco does not know the field and leaves the rule out: skip-if-unknown-filter.",
    "LOAD_UNUSED_MACRO": "No rule and no macro calls this macro. Use it, or take it out.",
    "LOAD_UNUSED_LIST": "No rule, macro or list names this list. Use it, or take it out.",
    "LOAD_UNKNOWN_ITEM": "An item begins with rule, macro, list, required_engine_version or required_plugin_versions; "
    "Falco ignores this one.",
    "LOAD_DEPRECATED_ITEM": "Falco still reads this, and a later release will not.",
    "LOAD_WARNING_EXTENSION": "An extension of the engine remarks on its own item.",
    "LOAD_APPEND_NO_VALUES": "An exception is added to without values: nothing changes. Is `values` misspelt?",
    "LOAD_EXCEPTION_NAME_NOT_UNIQUE": "Two exceptions of this rule have one name: what is appended goes to the first.",
    "LOAD_INVALID_MACRO_NAME": "A condition cannot call a macro of this name. Use letters, digits and underscores.",
    "LOAD_INVALID_LIST_NAME": "A name of a list may hold no blanks, quotes, parentheses, commas or equals signs.",
    "LOAD_COMPILE_CONDITION": "The condition is legal and probably does not mean what it says.",
    "LOAD_UNKNOWN_KEY": "Falco ignores this key. It may be misspelt, or belong to another kind of item.",
}


def describe(code: str) -> str:
    """The `codedesc` of a code."""
    return EXPLAINED.get(code, SHORT.get(code, code))
