"""Signing in and out, and one's own password."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from archiveportal.accounts.access import public
from archiveportal.accounts.forms import ChangePasswordForm, NewPasswordForm, ResetForm, SignInForm
from archiveportal.accounts.models import User
from archiveportal.accounts.services import change_password as save_password
from archiveportal.accounts.services import request_password_reset
from archiveportal.accounts.sessions import IS_NEW

#: why the sign-in page is shown; the gate sends these
REASONS = ("idle", "day", "ended", "unsaved")
FORM_METHODS = ["GET", "HEAD", "POST"]


class SignIn(auth.LoginView):
    """`next` leads to addresses of the portal only, from its root; see RedirectURLMixin."""

    form_class = SignInForm
    template_name = "accounts/sign_in.html"
    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return redirect(self.get_redirect_url() or "home")
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: SignInForm) -> HttpResponse:
        """Sign in; whoever does so for the first time is led through the guide by the first page."""
        is_new = form.get_user().last_login is None
        response = super().form_valid(form)
        if is_new:
            self.request.session[IS_NEW] = True
        return response

    def get_redirect_url(self) -> str:
        """Return the address of `next`, or blank. A word without its slash would be taken for the name of a view."""
        address = super().get_redirect_url()
        return address if address.startswith("/") else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        reason = self.request.GET.get("reason")
        return super().get_context_data(**kwargs) | {
            "frame": None,
            "reason": reason if reason in REASONS and not self.request.POST else "",
            "demo_accounts": _demo_accounts(),
        }


def _demo_accounts() -> list[User]:
    """On one's own machine the sign-in page says who can be tried out."""
    return list(User.objects.filter(is_demo=True, is_active=True).order_by("pk")) if settings.LOCAL else []


@method_decorator(public, name="dispatch")
class SignOut(auth.LogoutView):
    """Open to people whose session is over already: they arrive where they wanted to be."""

    next_page = "accounts:sign-in"
    http_method_names = ["post"]


def locked_out(request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None) -> HttpResponse:
    """Five wrong passwords for a name from an address, or many from all. Says the same of names that do not exist."""
    is_capped = getattr(request, "is_capped", False)
    context = {
        "frame": None,
        "minutes": round(settings.AXES_COOLOFF_TIME * 60),
        "failures": settings.FAILURES_PER_NAME if is_capped else settings.AXES_FAILURE_LIMIT,
        "is_capped": is_capped,
    }
    return render(request, "accounts/locked.html", context, status=429)


@require_http_methods(FORM_METHODS)
@sensitive_post_parameters()
def change_password(request: HttpRequest) -> HttpResponse:
    form = ChangePasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        save_password(account=request.user, password=form.cleaned_data["new_password"])
        update_session_auth_hash(request, request.user)
        messages.success(request, _("Your password is changed. You are signed out everywhere else."))
        return redirect("home")
    if request.user.must_change_password:
        # Without the frame: until then its ways all lead back here.
        return render(request, "accounts/first_sign_in.html", {"form": form, "frame": None})
    return render(request, "accounts/change_password.html", {"form": form})


@public
@require_http_methods(FORM_METHODS)
def reset(request: HttpRequest) -> HttpResponse:
    form = ResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        address = f"{request.scheme}://{request.get_host()}"
        request_password_reset(name=form.cleaned_data["name"], address=address)
        return redirect("accounts:reset-done")
    return render(request, "accounts/reset.html", {"form": form, "frame": None})


@public
@require_safe
def reset_done(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/reset_done.html", {"frame": None})


class ResetConfirm(auth.PasswordResetConfirmView):
    """The link of the mail. The token moves into the session, so that it does not stay in addresses."""

    form_class = NewPasswordForm
    template_name = "accounts/reset_confirm.html"
    success_url = reverse_lazy("accounts:reset-complete")
    reset_url_token = "moi"  # noqa: S105
    extra_context = {"frame": None}

    def get_user(self, uidb64: str) -> User | None:
        account = super().get_user(uidb64)
        return User.objects.able_to_sign_in().filter(pk=account.pk).first() if account else None

    def form_valid(self, form: NewPasswordForm) -> HttpResponse:
        save_password(account=self.user, password=form.cleaned_data["new_password"])
        del self.request.session[auth.INTERNAL_RESET_SESSION_TOKEN]
        return redirect(self.success_url)


@public
@require_safe
def reset_complete(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/reset_complete.html", {"frame": None})
