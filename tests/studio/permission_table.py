"""Who may do what, address by address: the one table that the permission walk holds the house to.

A row names an address and says for GET and for POST the least that it takes: a role in the team, PERSON (anybody who is
signed in), OPEN (everybody), or None where the method is not offered. `owned`: the address names something of the
team, which does not exist for people of other teams. `data`: what a harmless post sends. `also`: further statuses that
are no refusal there, such as 404 for a token that is spent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

OPEN, PERSON = "open", "person"
VIEWER, AUTHOR, REVIEWER, MAINTAINER, ADMINISTRATOR = "viewer", "author", "reviewer", "maintainer", "administrator"


@dataclass(frozen=True)
class Row:
    """One address. args: names of things of the scene (tests/studio/test_permissions.py), or values as they are."""

    get: str | None = None
    post: str | None = None
    args: tuple[Any, ...] = ()
    owned: bool = False
    data: Mapping[str, Any] = field(default_factory=dict)
    also: frozenset[int] = frozenset()


def row(get=None, post=None, *args, owned=False, data=None, also=()) -> Row:
    return Row(get, post, args, owned, data or {}, frozenset(also))


def own(get=None, post=None, *args, **more) -> Row:
    """A row about something of the team."""
    return row(get, post, *args, owned=True, **more)


SPENT = (404, 410)
TABLE: Mapping[str, Row] = {
    # the frame and the door
    "home": row(PERSON),
    "search": row(PERSON),
    "palette": row(PERSON),
    "shortcuts": row(PERSON),
    "editor_vocabulary": row(PERSON, also=[304]),
    "look": row(None, OPEN),
    "healthz": row(OPEN, also=[503]),
    "metrics": row(OPEN, also=[403, 404]),
    "setup": row(OPEN, OPEN, "x", also=SPENT),
    "invitation": row(OPEN, OPEN, "x", also=SPENT),
    "new_password": row(OPEN, OPEN, "x", also=SPENT),
    "enter": row(OPEN, OPEN, "x", also=SPENT),
    "account_login": row(OPEN, OPEN),
    "account_logout": row(OPEN, OPEN, also=[302]),
    "account_inactive": row(OPEN, OPEN, also=[405]),
    "account_reauthenticate": row(PERSON, PERSON),
    "account_change_password": row(PERSON, PERSON),
    "account_set_password": row(PERSON, PERSON),
    "account_forgotten": row(OPEN, OPEN),
    "account_end_sessions": row(None, PERSON),
    "usersessions_list": row(PERSON, PERSON),
    # second factors are the person's own; the second step of signing in exists only after the first
    "mfa_index": row(PERSON),
    "mfa_authenticate": row(OPEN, OPEN, also=[302]),
    "mfa_reauthenticate": row(PERSON, PERSON),
    "mfa_reauthenticate_webauthn": row(PERSON, PERSON),
    "mfa_activate_totp": row(PERSON, PERSON),
    "mfa_deactivate_totp": row(PERSON, PERSON, also=[404]),
    "mfa_view_recovery_codes": row(PERSON, also=[404]),
    "mfa_download_recovery_codes": row(PERSON, also=[404]),
    "mfa_generate_recovery_codes": row(PERSON, PERSON),
    "mfa_list_webauthn": row(PERSON),
    "mfa_add_webauthn": row(PERSON, PERSON),
    "mfa_edit_webauthn": row(PERSON, PERSON, 1, also=[404]),
    "mfa_remove_webauthn": row(PERSON, PERSON, 1, also=[404]),
    "mfa_login_webauthn": row(OPEN, OPEN, also=[302]),
    # single sign-on, where it is set up
    "openid_connect_login": row(None, OPEN, also=[404]),
    "openid_connect_callback": row(OPEN, OPEN, also=[404]),
    "socialaccount_login_cancelled": row(OPEN),
    "socialaccount_login_error": row(OPEN, also=[401]),
    "socialaccount_connections": row(PERSON, PERSON),
    # settings and the journal
    "accounts:profile": row(PERSON, PERSON),
    "accounts:switch_team": row(None, PERSON, also=[404]),
    "accounts:team": row(VIEWER, ADMINISTRATOR),
    "accounts:members": row(VIEWER),
    "accounts:invite": row(None, ADMINISTRATOR),
    "accounts:change_role": own(None, ADMINISTRATOR, "membership"),
    "accounts:remove": own(None, ADMINISTRATOR, "membership"),
    "accounts:password_link": own(None, ADMINISTRATOR, "membership"),
    "accounts:second_factor_off": own(None, ADMINISTRATOR, "membership"),
    "accounts:end_sessions": own(None, ADMINISTRATOR, "membership"),
    "accounts:close_account": own(None, ADMINISTRATOR, "membership"),
    "accounts:reopen_account": own(None, ADMINISTRATOR, "membership"),
    "accounts:withdraw": own(None, ADMINISTRATOR, "invitation"),
    "audit:journal": row(MAINTAINER),
    "audit:export": row(None, ADMINISTRATOR),
    # what the studio looks for
    "lints:index": row(VIEWER),
    "lints:page": row(VIEWER, None, "MEWS_DESC_PERIOD"),
    "lints:switch": row(None, MAINTAINER, "MEWS_DESC_PERIOD", data={"reason": "Not for us"}),
    # the interface for programs; what lies below v1/ takes a token, and has a walk of its own (tests/studio/api)
    "api:reference": row(PERSON),
    "api:tokens": row(VIEWER, VIEWER, data={"name": "Nightly", "days": 30}),
    "api:revoke": own(None, VIEWER, "token", also=[404]),
    "api:v1": row(OPEN, OPEN, "drafts", also=[401]),
    # notices are the person's own
    "notices:list": row(VIEWER),
    "notices:read_all": row(None, VIEWER),
    "notices:mail": row(VIEWER, VIEWER),
    "notices:webhooks": row(ADMINISTRATOR, ADMINISTRATOR),
    "notices:webhook": own(ADMINISTRATOR, ADMINISTRATOR, "webhook"),
    "notices:webhook_trial": own(None, ADMINISTRATOR, "webhook"),
    "notices:webhook_secret": own(None, ADMINISTRATOR, "webhook"),
    "notices:webhook_delete": own(None, ADMINISTRATOR, "webhook"),
    "notices:delivery": own(ADMINISTRATOR, None, "delivery"),
    "notices:delivery_again": own(None, ADMINISTRATOR, "delivery"),
    "notices:open": own(VIEWER, None, "notice", also=[404]),
    # knowledge is for everybody who is signed in
    "attack:matrix": row(PERSON),
    "attack:list": row(PERSON),
    "attack:technique": row(PERSON, None, "T1490"),
    "attack:group": row(PERSON, None, "G0001", also=[404]),
    "attack:software": row(PERSON, None, "S0001", also=[404]),
    "behaviours:index": row(PERSON),
    "behaviours:describe": row(PERSON, PERSON),
    "authoring:emulation": own(VIEWER, None, "draft"),
    "authoring:suite": own(VIEWER, None, "draft"),
    "review:emulation": own(VIEWER, None, "revision"),
    "review:suite": own(VIEWER, None, "revision"),
    "behaviours:own_list": row(VIEWER),
    "behaviours:own_new": row(AUTHOR, AUTHOR),
    "behaviours:own_check": row(None, AUTHOR),
    "behaviours:own_import": row(AUTHOR, AUTHOR),
    "behaviours:own_export": row(VIEWER),
    "behaviours:own": own(VIEWER, None, "behaviour"),
    "behaviours:own_file": own(VIEWER, None, "behaviour"),
    "behaviours:own_edit": own(AUTHOR, AUTHOR, "behaviour"),
    "behaviours:own_hand_in": own(None, AUTHOR, "behaviour"),
    "behaviours:own_withdraw": own(None, AUTHOR, "behaviour"),
    "behaviours:own_decide": own(None, REVIEWER, "behaviour"),
    "behaviours:detail": row(PERSON, None, "t1490-chattr-immutable"),
    "verdicts:check": row(PERSON, None, "0" * 64, also=[404]),
    "lab:index": row(VIEWER, VIEWER),
    "lab:event": row(VIEWER, VIEWER),
    "lab:rules": row(VIEWER, VIEWER),
    "lab:captures": row(VIEWER, AUTHOR),
    "lab:runs": row(VIEWER, AUTHOR),
    "lab:run": own(VIEWER, None, "lab_run"),
    "lab:cancel": own(None, AUTHOR, "lab_run"),
    "lab:again": own(None, AUTHOR, "lab_run"),
    "lab:keep": own(None, AUTHOR, "lab_run"),
    "lab:example": own(VIEWER, None, "lab_run", "0-0", also=[404]),
    # drafts
    "authoring:list": row(VIEWER),
    "authoring:create": row(AUTHOR, AUTHOR),
    "authoring:from_yaml": row(AUTHOR, AUTHOR),
    "authoring:kept": row(AUTHOR),
    "authoring:draft": own(VIEWER, None, "draft"),
    "authoring:duplicate": own(None, AUTHOR, "draft"),
    "authoring:delete": own(None, AUTHOR, "draft"),
    "authoring:restore": own(None, AUTHOR, "deleted"),
    "authoring:history": own(None, AUTHOR, "draft"),
    "authoring:here": own(None, VIEWER, "draft"),
    "authoring:merge": own(None, AUTHOR, "draft", also=[409, 422]),
    "authoring:describe": own(None, VIEWER, "draft"),
    "authoring:findings": own(None, VIEWER, "draft"),
    "authoring:blank": own(None, AUTHOR, "draft", also=[400, 404]),
    "authoring:events": own(VIEWER, AUTHOR, "draft"),
    "authoring:event": own(None, AUTHOR, "draft", "event", data={"do": "remove"}),
    "authoring:make_event": own(AUTHOR, AUTHOR, "draft"),
    "authoring:behaviour_events": own(AUTHOR, AUTHOR, "draft"),
    "authoring:why": own(VIEWER, None, "draft", "ordinary-0"),
    "authoring:step": own(VIEWER, AUTHOR, "draft", "details"),
    # reviews
    "review:list": row(VIEWER),
    "review:hand_in": own(None, AUTHOR, "draft", data={"version": "1"}),
    "review:revision": own(VIEWER, None, "revision"),
    "review:why": own(VIEWER, None, "revision", "ordinary-0"),
    "review:new_draft": own(None, AUTHOR, "revision"),
    "review:withdraw": own(None, AUTHOR, "revision"),
    "review:assign": own(None, AUTHOR, "revision"),
    "review:decide": own(None, REVIEWER, "revision"),
    "review:comment": own(None, AUTHOR, "revision"),
    "review:reply": own(None, AUTHOR, "thread"),
    "review:resolve": own(None, AUTHOR, "thread"),
    "review:apply": own(None, AUTHOR, "comment"),
    # approved rules
    "library:list": row(VIEWER),
    "library:exceptions": row(VIEWER),
    "review:assignment": row(MAINTAINER, MAINTAINER, data={"how": "turn"}),
    "library:import": row(AUTHOR, AUTHOR),
    "library:import_file": own(AUTHOR, AUTHOR, "file"),
    "library:bulk": row(MAINTAINER, MAINTAINER, also=[404, 302]),
    "saved:keep": row(None, VIEWER, also=[404]),
    "saved:forget": own(None, VIEWER, "view", also=[403]),
    "library:rule": own(VIEWER, None, "rule"),
    # coverage, packs, exports
    "coverage:matrix": row(VIEWER),
    "coverage:download": row(VIEWER, None, "layer.json"),
    "coverage:migrate": row(AUTHOR, AUTHOR),
    # macros and lists
    "definitions:list": row(VIEWER),
    "definitions:create": row(AUTHOR, AUTHOR),
    "definitions:create_list": row(AUTHOR, AUTHOR),
    "definitions:check": row(None, AUTHOR),
    "definitions:vocabulary": row(VIEWER),
    "definitions:named": own(VIEWER, None, "acme_tools"),
    "definitions:built_in": row(VIEWER, None, "spawned_process"),
    "definitions:definition": own(VIEWER, None, "definition"),
    "definitions:edit": own(AUTHOR, AUTHOR, "definition"),
    "definitions:delete": own(None, AUTHOR, "definition"),
    "definitions:bring_back": own(None, AUTHOR, "deleted_definition"),
    "definitions:version": own(VIEWER, None, "definition", 1),
    "definitions:rule_sets": row(VIEWER),
    "definitions:rule_set": own(VIEWER, None, "rule_set"),
    "definitions:rename_rule_set": own(None, AUTHOR, "rule_set", data={"title": "Renamed"}),
    "definitions:delete_rule_set": own(None, AUTHOR, "rule_set"),
    "definitions:rule_set_file": own(VIEWER, None, "rule_set", 0),
    "definitions:edit_rule_set_term": own(
        AUTHOR, AUTHOR, "rule_set", "acme_shells", data={"version": 1, "text": "bash"}
    ),
    "packs:packs": row(VIEWER),
    "packs:pack_create": row(AUTHOR, AUTHOR),
    "packs:pack": own(VIEWER, None, "pack"),
    "packs:pack_settings": own(AUTHOR, AUTHOR, "pack"),
    "packs:pack_rules": own(None, AUTHOR, "pack"),
    "packs:pack_arrange": own(None, AUTHOR, "pack"),
    "packs:coverage": own(VIEWER, None, "pack"),
    "packs:coverage_file": own(VIEWER, None, "pack", "matrix.svg"),
    "packs:compare": own(VIEWER, None, "pack", also=[404]),
    "packs:release_start": own(MAINTAINER, MAINTAINER, "pack"),
    "packs:release": own(VIEWER, None, "pack", "release"),
    "packs:release_download": own(None, VIEWER, "pack", "release", also=[404]),
    "packs:release_yank": own(MAINTAINER, MAINTAINER, "pack", "release"),
    "packs:release_rollback": own(MAINTAINER, MAINTAINER, "pack", "release"),
    "packs:release_again": own(None, MAINTAINER, "pack", "release"),
    "packs:links": own(MAINTAINER, MAINTAINER, "pack"),
    "packs:link_revoke": own(None, MAINTAINER, "pack", 1, also=[404]),
    "packs:destinations": own(MAINTAINER, None, "pack"),
    "packs:destination_add": own(MAINTAINER, MAINTAINER, "pack", "git"),
    "packs:destination": own(MAINTAINER, MAINTAINER, "pack", 1, also=[404]),
    "packs:destination_remove": own(None, MAINTAINER, "pack", 1, also=[404]),
    "packs:deliveries": own(VIEWER, None, "pack", "release"),
    "packs:deliver": own(None, MAINTAINER, "pack", "release"),
    "packs:poll": row(OPEN, None, "x", "latest.json", also=[404]),
    "packs:poll_nothing": row(OPEN, None, "x", also=[404]),
    "packs:index": row(MAINTAINER, MAINTAINER),
    "packs:index_revoke": own(None, MAINTAINER, 1, also=[404]),
    "packs:keys": row(VIEWER),
    "packs:key": own(VIEWER, None, "no-key", also=[404]),
    "packs:list": row(VIEWER),
    "packs:start": row(AUTHOR, AUTHOR),
    "packs:run": own(VIEWER, None, "run"),
    "packs:download": own(None, VIEWER, "run", also=[404]),
}
