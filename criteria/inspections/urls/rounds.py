from django.urls import path

from criteria.inspections.views import rounds

urlpatterns = [
    path("dot-kiem-tra/", rounds.rounds, name="rounds"),
    path("dot-kiem-tra/<slug:code>/", rounds.round, name="round"),
]
