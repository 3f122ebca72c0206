"""Forms for signing in, for passwords, and for the administrator's accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from archiveportal.accounts.models import Role, User
from archiveportal.accounts.names import LONGEST_USERNAME, validate_username
from archiveportal.accounts.rights import OF_WARDS, role_choices
from archiveportal.accounts.stand_ins import possible_stand_ins
from archiveportal.fields import CleanText, Day, validate_telephone
from archiveportal.history.forms import MadeOn
from archiveportal.vietnamese import normalise, search_key
from wards.models import District, Ward

REQUIRED = _("Please fill this in.")
LONGEST_PASSWORD = 4096
RULES = _(
    "At least 12 characters. Several words that only you would put together are easy to remember and hard to guess."
)


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": _("The name or the password is not right. Please check both and try again."),
        "inactive": _("The name or the password is not right. Please check both and try again."),
    }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["username"].label = _("Sign-in name")
        self.fields["username"].error_messages = {
            "required": _("Please type your sign-in name."),
            "null_characters_not_allowed": self.error_messages["invalid_login"],
        }
        self.fields["password"].label = _("Password")
        self.fields["password"].error_messages["required"] = _("Please type your password.")

    def clean(self) -> dict[str, Any]:
        # No account has such a name, and the table of failed attempts has no room for it. No account has
        # such a password either, and bringing it into one form could hold a process for hours.
        is_long_name = len(self.cleaned_data.get("username", "")) > self.fields["username"].max_length
        if is_long_name or len(self.cleaned_data.get("password", "")) > LONGEST_PASSWORD:
            raise self.get_invalid_login_error()
        return super().clean()


class ResetForm(forms.Form):
    name = CleanText(
        label=_("Sign-in name or e-mail address"),
        limit=254,
        error_messages={"required": _("Please type your sign-in name or e-mail address.")},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}),
    )


def _password(label: Any, *, new: bool = True, **options: Any) -> forms.CharField:
    attrs = {"autocomplete": "new-password" if new else "current-password"}
    widget = forms.PasswordInput(attrs=attrs)
    return forms.CharField(
        label=label,
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=widget,
        error_messages={"required": REQUIRED},
        **options,
    )


class NewPasswordForm(forms.Form):
    """The new password, twice."""

    new_password = _password(_("New password"), help_text=RULES)
    repeated = _password(_("New password once more"))

    def __init__(self, user: User, *args: Any, **options: Any) -> None:
        self.user = user
        super().__init__(*args, **options)

    def clean_new_password(self) -> str:
        password = self.cleaned_data["new_password"]
        password_validation.validate_password(password, self.user)
        if self.user.check_password(password):
            raise ValidationError(gettext("This is the present password. Please choose another one."))
        return password

    def clean(self) -> None:
        first, second = self.cleaned_data.get("new_password"), self.cleaned_data.get("repeated")
        if first and second and first != second:
            self.add_error("repeated", gettext("The two new passwords differ. Please type the same one twice."))


class ChangePasswordForm(NewPasswordForm):
    field_order = ["present_password", "new_password", "repeated"]
    present_password = _password(_("Present password"), new=False)

    def clean_present_password(self) -> None:
        if not self.user.check_password(self.cleaned_data["present_password"]):
            raise ValidationError(gettext("The present password is not right. Please type it again."))


class _UnitChoice(forms.ModelChoiceField):
    def label_from_instance(self, unit: Any) -> str:
        title = getattr(unit, "full_title", unit.title)
        if not unit.valid_to:
            return title
        return gettext("%(unit)s (until %(day)s)") % {"unit": title, "day": f"{unit.valid_to:%d/%m/%Y}"}


#: of more wards nobody chooses from a list; the code of one is typed
MOST_OFFERED = 1000


class _WardByCode(_UnitChoice):
    """A ward by its code, as the official list has it."""

    widget = forms.TextInput
    default_error_messages = {"invalid_choice": _("No ward, commune or township of today has this code.")}

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            return self.queryset.filter(pk=value).values_list("code", flat=True).first()
        return getattr(value, "code", value)

    def to_python(self, value: Any) -> Ward | None:
        if value in self.empty_values:
            return None
        # A unit that ended has its row here too where the account belongs to it.
        ward = self.queryset.filter(code=str(value).strip()).order_by(F("valid_to").desc(nulls_first=True)).first()
        if ward is None:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return ward


class AccountForm(MadeOn, forms.ModelForm):
    """`by` is the administrator. District and ward belong to two roles and are cleared for the others."""

    full_name = CleanText(label=_("Full name"), limit=120, error_messages={"required": _("Please type the full name.")})
    role = forms.ChoiceField(
        label=_("Role"),
        choices=lambda: [("", "—"), *role_choices()],
        error_messages={"required": _("Please choose the role.")},
    )
    district = _UnitChoice(
        label=_("District"),
        queryset=District.objects.none(),
        required=False,
        empty_label="—",
        help_text=_("Only for a district interior office: the district whose wards the person sees."),
    )
    ward = _UnitChoice(
        label=_("Ward, commune or township"),
        queryset=Ward.objects.none(),
        required=False,
        empty_label="—",
        help_text=_("Only for a records officer of a ward, commune or township."),
    )
    position = CleanText(label=_("Position"), limit=120, required=False)
    telephone = CleanText(label=_("Telephone"), limit=30, required=False, validators=[validate_telephone])
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        help_text=_("The link to a new password goes here when the person has forgotten it."),
        error_messages={"invalid": _("This is not an e-mail address. An example: ten@tphcm.gov.vn.")},
    )
    is_active = forms.TypedChoiceField(
        label=_("State"),
        choices=[(True, _("in use")), (False, _("disabled"))],
        coerce=lambda value: value == "True",
        empty_value=True,
        help_text=_("Whoever is disabled is signed out at once. What the person did stays."),
        error_messages={"required": _("Please choose the state.")},
    )

    #: asked where somebody has the name already: two accounts of one person are two pairs of eyes
    is_another = forms.BooleanField(label=_("This is another person of the same name."), required=False)

    class Meta:
        model = User
        fields = ["full_name", "role", "district", "ward", "position", "telephone", "email", "is_active"]

    def __init__(self, *args: Any, by: User, **options: Any) -> None:
        super().__init__(*args, **options)
        typed = self.data.get(self.add_prefix("full_name"), "") if self.is_bound else ""
        self.namesakes = self._namesakes(typed)
        if not self.namesakes:
            del self.fields["is_another"]
        self.fields["district"].queryset = District.objects.visible_to(by)
        wards = Ward.objects.visible_to(by)
        # An account goes on with a unit that ended; a new one is for a unit of today.
        offered = wards.standing_today() | wards.filter(pk=self.instance.ward_id)
        if offered.count() > MOST_OFFERED:
            label = _("Code of the ward, commune or township")
            self.fields["ward"] = _WardByCode(
                queryset=None, label=label, required=False, help_text=self.fields["ward"].help_text
            )
        self.fields["ward"].queryset = offered.select_related("district")

    def _namesakes(self, typed: str) -> list[User]:
        """Return the other accounts of this name, unless the name is not being changed.

        However it is written: capital letters and missing diacritics make no other person.
        """
        name = normalise(typed)
        if not name or name == self.instance.full_name:
            return []
        key = search_key(name)
        near = User.objects.exclude(pk=self.instance.pk).filter(search_key__startswith=f"{key} ")
        return [each for each in near if search_key(each.full_name) == key][:3]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.namesakes and not data.get("is_another"):
            accounts = ", ".join(f"{each.username} ({each.get_role_display()})" for each in self.namesakes)
            message = gettext("Somebody of this name has an account: %(accounts)s. Tick this if it is another person.")
            self.add_error("is_another", message % {"accounts": accounts})
        for roles, name, message in (
            ((Role.DISTRICT,), "district", gettext("Please choose the district of this office.")),
            (OF_WARDS, "ward", gettext("Please choose the ward, commune or township of this person.")),
        ):
            if data.get("role") not in roles:
                data[name] = None
            elif not data.get(name) and name not in self.errors:
                self.add_error(name, message)
        return data


class NewAccountForm(AccountForm):
    username = CleanText(
        label=_("Sign-in name"),
        limit=LONGEST_USERNAME,
        help_text=_("Small letters without diacritics, digits and . - _ only, for example nguyen.van.an."),
        error_messages={"required": _("Please type a sign-in name.")},
        validators=[validate_username],
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}),
    )
    is_active = None

    class Meta(AccountForm.Meta):
        fields = ["full_name", "username", "role", "district", "ward", "position", "telephone", "email"]
        error_messages = {"username": {"unique": _("Somebody has this sign-in name already. Please choose another.")}}


class HandOverForm(forms.Form):
    """Who goes on with the work of an account of a unit, from which day, and what is open."""

    successor = forms.ModelChoiceField(
        label=_("Who goes on"),
        queryset=User.objects.none(),
        empty_label=_("choose"),
        error_messages={"required": _("Choose another account of the same unit.")},
    )
    since = Day(label=_("From the day"), error_messages={"required": _("Please type the day.")})
    open_matters = CleanText(
        label=_("What is open"),
        limit=1000,
        lines=True,
        help_text=_("For example: the self-assessment is not handed in yet; two recommendations to put right."),
        error_messages={"required": _("Say what is open, or that nothing is.")},
    )

    def __init__(self, *args: Any, successors: QuerySet[User], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["successor"].queryset = successors


class StandInForm(forms.Form):
    """Who decides in the place of the approvers, by which decision, from when to when."""

    person = forms.ModelChoiceField(
        label=_("Who stands in"),
        queryset=User.objects.none(),
        empty_label=_("choose"),
        error_messages={
            "required": _("Choose who stands in."),
            "invalid_choice": _("Choose an inspector whose account is in use."),
        },
    )
    decision = CleanText(
        label=_("Number of the decision"),
        limit=60,
        error_messages={"required": _("Give the number of the decision.")},
    )
    starts_on = Day(label=_("From"), error_messages={"required": REQUIRED})
    ends_on = Day(label=_("To"), error_messages={"required": REQUIRED})

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["person"].queryset = possible_stand_ins()
