"""Addresses of rounds and checklists, by subject."""

from criteria.inspections.urls import checklist, minutes, offline, rounds, units, workflow

app_name = "inspections"
urlpatterns = [
    *rounds.urlpatterns,
    *checklist.urlpatterns,
    *workflow.urlpatterns,
    *minutes.urlpatterns,
    *units.urlpatterns,
    *offline.urlpatterns,
]
