"""What a page does, a program can do: each address of a page with its twins, or the reason why it has none.

The table of the permission walk names every page; a new one has to be told of here, too.
"""

from __future__ import annotations

from pathlib import Path

from studio.api import machine
from tests.studio.permission_table import TABLE

#: Why a page has no twin, by the reason's name; docs/api.md says the same.
REASONS = (
    "signing in and what proves who somebody is",
    "tokens themselves",
    "the look and the frame of the pages",
    "help while somebody types",
    "knowledge that comes with Mews",
    "what hosts fetch by a link of their own",
)
#: Pages that have none. A name that ends in * stands for all that begin so.
ALONE: dict[str, tuple[str, ...]] = {
    REASONS[0]: (
        "setup", "invitation", "new_password", "enter", "account_*", "usersessions_*", "mfa_*", "openid_*",
        "socialaccount_*", "accounts:profile", "accounts:switch_team", "accounts:password_link",
        "accounts:second_factor_off",
    ),
    REASONS[1]: ("api:*",),
    REASONS[2]: ("home", "palette", "shortcuts", "look", "healthz", "metrics", "notices:open", "behaviours:index"),
    REASONS[3]: (
        "editor_vocabulary", "authoring:kept", "authoring:here", "authoring:describe", "authoring:blank",
        "authoring:make_event", "authoring:merge", "authoring:step", "authoring:why", "review:why", "lab:example",
        "lab:event", "lab:rules", "definitions:check", "definitions:vocabulary", "definitions:built_in",
        "behaviours:own_check", "verdicts:check",    ),
    REASONS[4]: ("attack:*",),
    REASONS[5]: ("packs:poll*",),
}  # fmt: skip
#: Page → its twins, by the names of the operations.
TWINS = {
    "search": "search",
    "accounts:team": "read_team change_team",
    "accounts:members": "list_members list_invitations",
    "accounts:invite": "invite",
    "accounts:change_role": "change_role",
    "accounts:remove": "remove_member",
    "accounts:end_sessions": "end_member_sessions",
    "accounts:close_account": "close_account",
    "accounts:reopen_account": "reopen_account",
    "accounts:withdraw": "withdraw_invitation",
    "audit:journal": "list_entries",
    "audit:export": "journal",
    "lints:index": "list_lints",
    "lints:page": "list_lints",
    "lints:switch": "switch_lint_off switch_lint_on",
    "notices:list": "list_notices",
    "notices:read_all": "mark_notices_read",
    "notices:mail": "read_mail_ways change_mail_ways",
    "notices:webhooks": "list_webhooks create_webhook",
    "notices:webhook": "change_webhook list_webhook_deliveries",
    "notices:webhook_trial": "try_webhook",
    "notices:webhook_secret": "renew_webhook_secret",
    "notices:webhook_delete": "delete_webhook",
    "notices:delivery": "read_webhook_delivery",
    "notices:delivery_again": "send_webhook_again",
    "behaviours:describe": "describe_behaviour",
    "behaviours:detail": "list_behaviours read_behaviour",
    "behaviours:own_list": "list_own_behaviours",
    "behaviours:own_new": "create_own_behaviour",
    "behaviours:own_import": "import_own_behaviours",
    "behaviours:own_export": "list_own_behaviours read_own_behaviour",
    "behaviours:own": "read_own_behaviour own_behaviour_versions",
    "behaviours:own_file": "read_own_behaviour",
    "behaviours:own_edit": "change_own_behaviour",
    "behaviours:own_hand_in": "hand_in_own_behaviour",
    "behaviours:own_withdraw": "withdraw_own_behaviour",
    "behaviours:own_decide": "approve_own_behaviour send_own_behaviour_back",
    "lab:index": "try_rules",
    "lab:captures": "start_lab_run",
    "lab:runs": "list_lab_rules list_lab_runs start_lab_run",
    "lab:run": "read_lab_run",
    "lab:cancel": "cancel_lab_run",
    "lab:again": "repeat_lab_run",
    "lab:keep": "keep_lab_examples",
    "authoring:list": "list_drafts",
    "authoring:create": "create_draft",
    "authoring:from_yaml": "create_draft_from_yaml",
    "authoring:draft": "read_draft change_draft",
    "authoring:duplicate": "duplicate_draft",
    "authoring:delete": "delete_draft",
    "authoring:restore": "restore_draft",
    "authoring:history": "draft_history undo redo",
    "authoring:findings": "check_draft waive take_waiver_back",
    "authoring:events": "list_events add_events",
    "authoring:event": "change_event remove_event",
    "authoring:behaviour_events": "read_behaviour add_events",
    "authoring:emulation": "draft_emulation",
    "authoring:suite": "draft_suite",
    "review:list": "list_revisions",
    "review:hand_in": "hand_in",
    "review:revision": "read_revision diff list_threads",
    "review:new_draft": "begin_with_revision",
    "review:withdraw": "withdraw",
    "review:assign": "assign",
    "review:assignment": "read_assignment settle_assignment",
    "review:decide": "approve request_changes",
    "review:comment": "begin_thread",
    "review:reply": "reply",
    "review:resolve": "resolve reopen",
    "review:apply": "apply",
    "review:emulation": "revision_emulation",
    "review:suite": "revision_suite",
    "library:list": "list_rules",
    "library:rule": "read_rule rule_history rule_hosted",
    "library:exceptions": "list_exceptions",
    "library:import": "plan_import",
    "library:import_file": "read_import place_import choose_import carry_out retry_import submit_import",
    "library:bulk": "tag deprecate reinstate hand_over",
    "saved:keep": "list_views keep_view",
    "saved:forget": "forget_view",
    "coverage:matrix": "coverage",
    "coverage:download": "coverage_file",
    "coverage:migrate": "list_moves carry_moves_out",
    "definitions:list": "list_definitions",
    "definitions:create": "create_definition",
    "definitions:create_list": "create_definition",
    "definitions:named": "list_definitions",
    "definitions:definition": "read_definition definition_uses definition_history",
    "definitions:edit": "change_definition",
    "definitions:delete": "delete_definition",
    "definitions:bring_back": "restore_definition",
    "definitions:version": "read_definition_version",
    "definitions:rule_sets": "list_rule_sets",
    "definitions:rule_set": "read_rule_set rule_set_history",
    "definitions:rename_rule_set": "rename_rule_set",
    "definitions:delete_rule_set": "delete_rule_set",
    "definitions:rule_set_file": "rule_set_files",
    "definitions:edit_rule_set_term": "change_rule_set_term",
    "packs:packs": "list_packs",
    "packs:pack_create": "create_pack",
    "packs:pack": "read_pack proposal list_releases",
    "packs:pack_settings": "change_pack",
    "packs:pack_rules": "add_rules",
    "packs:pack_arrange": "arrange_rule remove_rule",
    "packs:compare": "list_releases read_release",
    "packs:coverage": "pack_coverage_file",
    "packs:coverage_file": "pack_coverage_file",
    "packs:release_start": "proposal release",
    "packs:release": "read_release",
    "packs:release_download": "download",
    "packs:release_yank": "release_places yank",
    "packs:release_rollback": "release_places roll_back",
    "packs:release_again": "again",
    "packs:links": "list_links make_link",
    "packs:link_revoke": "revoke_link",
    "packs:destinations": "list_destinations",
    "packs:destination_add": "add_destination",
    "packs:destination": "change_destination",
    "packs:destination_remove": "remove_destination",
    "packs:deliveries": "list_deliveries",
    "packs:deliver": "deliver",
    "packs:index": "list_index_links make_index_link",
    "packs:index_revoke": "revoke_index_link",
    "packs:keys": "list_signing_keys",
    "packs:key": "list_signing_keys",
    "packs:list": "list_exports",
    "packs:start": "export",
    "packs:run": "read_export",
    "packs:download": "download_export",
}


def test_every_page_has_its_twin_or_a_reason_to_have_none():
    alone = [one for names in ALONE.values() for one in names]
    begins = tuple(one[:-1] for one in alone if one.endswith("*"))
    without = {name for name in TABLE if name in alone or (begins and name.startswith(begins))}
    assert without & TWINS.keys() == set()
    assert TABLE.keys() - without - TWINS.keys() == set(), (
        "Give the page a twin in the API, or say here why it has none."
    )
    assert TWINS.keys() - TABLE.keys() == set()


def test_the_twins_are_there():
    known = {operation.view_func.__name__ for _, _, operation in machine.operations()}
    named = {one for names in TWINS.values() for one in names.split()}
    assert named - known == set()
    assert known - named == {"me", "validate", "check", "check_condition"}


def test_the_documentation_gives_the_reasons():
    docs = (Path(__file__).resolve().parents[3] / "docs" / "api.md").read_text()
    assert [reason for reason in REASONS if reason not in docs] == []
