"""Give an installation that has the criteria of phase 1 the draft set for 2026.

A set that people made under the same code stays alone. A new installation gets the draft by
`load_baseline`. The rows are kept beside this migration, so that a later draft, or a later column,
changes nothing of what it does.
"""

import json
from pathlib import Path

from django.db import migrations

ROWS = Path(__file__).with_suffix(".json")
REASON = "Dự thảo bộ tiêu chí năm 2026"


def add(apps, schema_editor):
    sets = apps.get_model("criteria", "CriteriaSet").objects
    earlier = sets.filter(code="gd1", version=1).first()
    if earlier is not None and not sets.filter(code="vtlt-2026").exists():
        _Draft(apps, earlier).add(json.loads(ROWS.read_text(encoding="utf-8")))


class _Draft:
    """The rows of the draft in the making; in the file they name each other by codes, numbers and titles."""

    def __init__(self, apps, earlier):
        self.apps, self.earlier = apps, earlier
        self.acts = {act.number: act for act in self._rows("LegalAct").all()}
        self.olds = {criterion.code: criterion for criterion in earlier.criteria.all()}

    def add(self, rows):
        self.set = self._rows("CriteriaSet").create(**rows["CriteriaSet"], replaces=self.earlier)
        self._tell("criteria.criteriaset", self.set.pk, self.set.name)
        self.sections = {row.title: row for row in self._add("Section", rows["Section"])}
        leaves = [row | {"section": self.sections[row["section"]]} for row in rows["Criterion"]]
        self.leaves = {row.code: row for row in self._add("Criterion", leaves)}
        self._add("Band", rows["Band"])
        self._add("SetKind", rows["SetKind"])
        self._add("SetBasis", self._of_known_acts(rows["SetBasis"]))
        self._cite(rows["Citation"])
        self._add("Crossing", self._crossings(rows["Crossing"]))
        self._add_sentences(rows)

    def _rows(self, model):
        return self.apps.get_model("criteria", model).objects

    def _add(self, model, rows):
        made = self.apps.get_model("criteria", model)
        return self._rows(model).bulk_create([made(criteria_set=self.set, **row) for row in rows])

    def _of_known_acts(self, rows):
        return [row | {"act": self.acts[row["act"]]} for row in rows if row["act"] in self.acts]

    def _cite(self, rows):
        cited = [row | {"criterion": self.leaves[row["criterion"]]} for row in self._of_known_acts(rows)]
        for citation, row in zip(self._add("Citation", cited), cited, strict=True):
            self._tell("criteria.citation", citation.pk, f"{row['criterion'].code}: {row['act'].number}")

    def _crossings(self, rows):
        """Yield the lines of the crosswalk; a criterion that people took out of phase 1 has none."""
        for row in rows:
            old = self.olds.get(row["old_criterion"])
            if old is not None or row["relation"] == "new":
                yield row | {"old_criterion": old, "new_criterion": self.leaves[row["new_criterion"]]}

    def _add_sentences(self, rows):
        """Add the sentences for notes and for recommendations, where nobody wrote any under this code."""
        made = {}
        for model in ("StockNote", "Recommendation"):
            sentences = [self.apps.get_model("criteria", model)(**row) for row in rows[model]]
            if not self._rows(model).filter(set_code=self.set.code).exists():
                made[model] = self._rows(model).bulk_create(sentences)
        for row in made.get("Recommendation", ()):
            self._tell("criteria.recommendation", row.pk, row.text)

    def _tell(self, object_type, pk, name):
        self.apps.get_model("history", "Event").objects.create(
            actor_name="",
            via="command",
            action="created",
            object_type=object_type,
            object_id=pk,
            object_name=name[:300],
            changes={},
            reason=REASON,
        )


class Migration(migrations.Migration):
    dependencies = [("criteria", "0010_indicators"), ("history", "0005_by_way")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
