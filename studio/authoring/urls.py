"""Addresses of drafts and of the wizard."""

from __future__ import annotations

from django.urls import path

from studio.authoring.views import builder, drafts, emulating, explaining, history, samples, steps, together

app_name = "authoring"

urlpatterns = [
    path("", drafts.index, name="list"),
    path("new/", drafts.create, name="create"),
    path("new/yaml/", drafts.from_yaml, name="from_yaml"),
    path("kept/", history.kept_post, name="kept"),
    path("<int:pk>/", drafts.resume, name="draft"),
    path("<int:pk>/duplicate/", drafts.duplicate, name="duplicate"),
    path("<int:pk>/delete/", drafts.delete, name="delete"),
    path("<int:pk>/restore/", drafts.restore, name="restore"),
    path("<int:pk>/history/", history.walk, name="history"),
    path("<int:pk>/here/", together.here, name="here"),
    path("<int:pk>/merge/", together.merge, name="merge"),
    path("<int:pk>/describe/", steps.describe, name="describe"),
    path("<int:pk>/condition/findings/", builder.findings, name="findings"),
    path("<int:pk>/builder/blank/", builder.blank, name="blank"),
    path("<int:pk>/events/", samples.events, name="events"),
    path("<int:pk>/events/new/", samples.make, name="make_event"),
    path("<int:pk>/events/behaviours/", samples.of_behaviours, name="behaviour_events"),
    path("<int:pk>/events/<int:event>/", samples.event, name="event"),
    path("<int:pk>/why/<slug:key>/", explaining.why, name="why"),
    path("<int:pk>/emulation/", emulating.script, name="emulation"),
    path("<int:pk>/event-generator/", emulating.suite, name="suite"),
    path("<int:pk>/<slug:step>/", steps.step, name="step"),
]
