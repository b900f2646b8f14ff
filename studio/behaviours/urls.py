"""Addresses of the behaviour room, below /behaviours/."""

from django.urls import path

from studio.behaviours import views
from studio.behaviours.own.views import editing, importing, moving, pages

app_name = "behaviours"
urlpatterns = [
    path("", views.index, name="index"),
    path("describe/", views.describe_own, name="describe"),
    path("own/", pages.index, name="own_list"),
    path("own/new/", editing.create, name="own_new"),
    path("own/check/", editing.check, name="own_check"),
    path("own/import/", importing.take_in, name="own_import"),
    path("own/export/", pages.export, name="own_export"),
    path("own/<int:pk>/", pages.detail, name="own"),
    path("own/<int:pk>/file/", pages.file, name="own_file"),
    path("own/<int:pk>/edit/", editing.edit, name="own_edit"),
    path("own/<int:pk>/hand-in/", moving.hand_in, name="own_hand_in"),
    path("own/<int:pk>/withdraw/", moving.withdraw, name="own_withdraw"),
    path("own/<int:pk>/decide/", moving.decide, name="own_decide"),
    path("<slug:behaviour_id>/", views.detail, name="detail"),
]
