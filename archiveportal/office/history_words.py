"""The names of the fields of the office in the history."""

from archiveportal.history.registry import register

register(
    row_names={
        "office.office": "{row}.name",
        "office.signatory": "{row}.kind",
    },
)
