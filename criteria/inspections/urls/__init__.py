"""Addresses of rounds and checklists, by subject."""

from criteria.inspections.urls import (
    checklist,
    minutes,
    notices,
    official_papers,
    offline,
    questions,
    rounds,
    units,
    workflow,
)

app_name = "inspections"
urlpatterns = [
    # First: an answer is by far what is sent most often.
    *checklist.urlpatterns,
    *rounds.urlpatterns,
    *workflow.urlpatterns,
    *minutes.urlpatterns,
    *units.urlpatterns,
    *questions.urlpatterns,
    *official_papers.urlpatterns,
    *offline.urlpatterns,
    *notices.urlpatterns,
]
