"""Signing in and everything about one's password: allauth's views, with our pauses and the known
browser.
"""

from allauth.account import views as allauth
from django.db import transaction
from django.shortcuts import redirect
from django.views.generic.edit import FormMixin

from ...accounts import known_browsers
from ...accounts.sign_in_limits import PAUSED
from ...forms.password_forms import ChangePasswordForm, ResetPasswordForm
from .. import pending_posts

logout = allauth.logout
password_reset_done = allauth.password_reset_done
password_reset_from_key_done = allauth.password_reset_from_key_done


class SaysPause(FormMixin):
    """A form that was refused because one has to wait: 429 and how long, beside the words in the
    form.
    """

    def form_invalid(self, form):
        response = super().form_invalid(form)
        for error in (each for errors in form.errors.as_data().values() for each in errors):
            if error.code == PAUSED:
                response.status_code = 429
                response["Retry-After"] = str(error.seconds)
        return response


class LoginView(SaysPause, allauth.LoginView):
    def form_valid(self, form):
        response = super().form_valid(form)
        if self.request.user.is_authenticated:
            pending_posts.find_again(self.request)
            known_browsers.remember(self.request, response, self.request.user.email)
        return response


class PasswordChangeView(SaysPause, allauth.PasswordChangeView):
    form_class = ChangePasswordForm

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_usable_password():  # they have none to change: by mail they get one
            return redirect("account_reset_password")
        return super().dispatch(request, *args, **kwargs)

    # the password and the sign-in that goes with it are stored together or not at all
    @transaction.atomic
    def form_valid(self, form):
        return super().form_valid(form)


class PasswordResetView(SaysPause, allauth.PasswordResetView):
    form_class = ResetPasswordForm

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "request": self.request}


class PasswordResetFromKeyView(SaysPause, allauth.PasswordResetFromKeyView):
    @transaction.atomic
    def form_valid(self, form):
        response = super().form_valid(form)
        known_browsers.remember(self.request, response, self.reset_user.email)
        return response


class ReauthenticateView(SaysPause, allauth.ReauthenticateView):
    pass


login = LoginView.as_view()
password_change = PasswordChangeView.as_view()
password_reset = PasswordResetView.as_view()
password_reset_from_key = PasswordResetFromKeyView.as_view()
reauthenticate = ReauthenticateView.as_view()
