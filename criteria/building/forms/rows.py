"""Rows typed one below the other, with some blank ones for more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from archiveportal.fields import CleanText
from criteria.models import LegalAct

REQUIRED = {"required": _("This cannot be left empty.")}
BLANK_ROWS, MOST_ROWS = 2, 60
#: name of the button that asks for more blank rows; its value is the prefix of the rows
MORE = "more"


class TypedRow(forms.Form):
    """One row. A blank one says nothing; in any other all of `needed` are filled in."""

    needed: tuple[str, ...] = ()
    #: rows that are shown at least, blank ones among them
    fewest = 2

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **(options | {"empty_permitted": True, "use_required_attribute": False}))

    def has_changed(self) -> bool:
        """Return true also for a row that is sent as it is stored: Django reads nothing of a row that may be
        empty and did not change, and it would be taken for one that was removed."""
        return True

    @property
    def is_blank(self) -> bool:
        return all(self.cleaned_data.get(name) in (None, "") for name in self.fields)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        typed = {name for name in self.fields if name in self.errors or cleaned.get(name) not in (None, "")}
        if typed:
            for name in set(self.needed) - typed:
                self.add_error(name, REQUIRED["required"])
        return cleaned


class Rows:
    """Rows of one kind below a prefix, bound to what was sent or showing what is stored."""

    def __init__(
        self,
        form: type[TypedRow],
        *,
        prefix: str,
        data: Any = None,
        initial: Iterable[Mapping[str, Any]] = (),
        options: Mapping[str, Any] | None = None,
    ) -> None:
        rows, shown = list(initial), form.fewest
        if data is not None and MORE in data:
            rows = list(_typed_rows(data, prefix))
            # Rows that are still blank count too: the button always adds some to what was on the page.
            if data[MORE] == prefix:
                shown = _count_of_rows(data, prefix) + BLANK_ROWS
            data = None
        made: type[BaseFormSet[Any]] = formset_factory(
            form,
            extra=max(BLANK_ROWS, shown - len(rows)),
            max_num=MOST_ROWS,
            absolute_max=2 * MOST_ROWS,
            validate_max=True,
        )
        self.formset = made(data, prefix=prefix, initial=rows, form_kwargs=dict(options or {}))
        self.prefix = prefix

    def is_valid(self) -> bool:
        return self.formset.is_valid()

    @property
    def has_errors(self) -> bool:
        return self.formset.is_bound and not self.formset.is_valid()

    @property
    def typed(self) -> list[dict[str, Any]]:
        """Return the values of the rows that are not blank."""
        return [form.cleaned_data for form in self.formset.forms if form.cleaned_data and not form.is_blank]


def _typed_rows(data: Any, prefix: str) -> Iterable[dict[str, Any]]:
    """Yield the rows as they were typed, to be shown again with more blank ones below."""
    for place in range(_count_of_rows(data, prefix)):
        stem = f"{prefix}-{place}-"
        row = {name.removeprefix(stem): data[name] for name in data if name.startswith(stem)}
        if any(row.values()):
            yield row


def _count_of_rows(data: Any, prefix: str) -> int:
    count = str(data.get(f"{prefix}-TOTAL_FORMS", ""))
    return min(int(count), MOST_ROWS) if count.isdecimal() and len(count) < 4 else 0


def typed_again(data: Any, names: Iterable[str], several: Iterable[str] = ()) -> dict[str, Any]:
    """Return what was typed as initial values of a form that is shown again."""
    return {name: data.get(name, "") for name in names} | {name: data.getlist(name) for name in several}


class ActRow(TypedRow):
    """An act that something rests on, with its articles."""

    needed = ("act",)

    act = forms.ModelChoiceField(
        label=_("Legal act"), queryset=LegalAct.objects.none(), required=False, empty_label=_("choose")
    )
    articles = CleanText(label=_("Articles"), limit=120, required=False)

    def __init__(self, *args: Any, acts: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["act"]
        assert isinstance(field, forms.ModelChoiceField)
        # Read once for all rows.
        field.queryset = acts
        field.choices = [("", _("choose")), *((act.pk, str(act)) for act in acts)]


def once_each(rows: Rows) -> list[tuple[LegalAct, str]]:
    """Return the acts of the rows in order; one typed twice counts once, with the articles typed last."""
    acts: dict[LegalAct, str] = {row["act"]: row["articles"] for row in rows.typed}
    return list(acts.items())
