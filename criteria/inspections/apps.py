from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "criteria.inspections"
