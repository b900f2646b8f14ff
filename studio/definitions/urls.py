"""Addresses of macros and lists."""

from __future__ import annotations

from django.urls import path

from studio.definitions.values import LIST
from studio.definitions.views import reading, rule_sets, writing

app_name = "definitions"

urlpatterns = [
    path("", reading.index, name="list"),
    path("new/", writing.create, name="create"),
    path("new/list/", writing.create, {"kind": LIST}, name="create_list"),
    path("check/", writing.checked, name="check"),
    path("vocabulary.json", reading.vocabulary, name="vocabulary"),
    path("named/<slug:name>/", reading.named, name="named"),
    path("library/<slug:name>/", reading.built_in, name="built_in"),
    path("rule-sets/", rule_sets.index, name="rule_sets"),
    path("rule-sets/<slug:slug>/", rule_sets.rule_set, name="rule_set"),
    path("rule-sets/<slug:slug>/rename/", rule_sets.rename, name="rename_rule_set"),
    path("rule-sets/<slug:slug>/delete/", rule_sets.delete, name="delete_rule_set"),
    path("rule-sets/<slug:slug>/files/<int:number>/", rule_sets.source_file, name="rule_set_file"),
    path("rule-sets/<slug:slug>/edit/<str:name>/", rule_sets.edit, name="edit_rule_set_term"),
    path("<int:pk>/", reading.definition, name="definition"),
    path("<int:pk>/edit/", writing.edit, name="edit"),
    path("<int:pk>/delete/", writing.delete, name="delete"),
    path("<int:pk>/bring-back/", writing.bring_back, name="bring_back"),
    path("<int:pk>/versions/<int:number>/", reading.version, name="version"),
]
