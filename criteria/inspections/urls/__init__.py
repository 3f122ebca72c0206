"""Addresses of rounds and checklists, by subject."""

from criteria.inspections.urls import checklist, rounds, units, workflow

app_name = "inspections"
urlpatterns = [*rounds.urlpatterns, *checklist.urlpatterns, *workflow.urlpatterns, *units.urlpatterns]
