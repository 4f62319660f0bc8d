"""allauth's forms around a password, with our limits and without a word on who has an account."""

from allauth.account import forms as allauth

from ..accounts import reset_mail, sign_in_limits


class ChangePasswordForm(allauth.ChangePasswordForm):
    """A new password for who is signed in and knows the old one."""

    def clean_oldpassword(self):
        attempt = sign_in_limits.own_password(self.user)
        typed = super().clean_oldpassword()
        attempt.succeeded()
        return typed


class ResetPasswordForm(allauth.ResetPasswordForm):
    """Asks for a link to a new password. Does the same for an address that nobody here has."""

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_email(self):
        email = self.cleaned_data["email"]
        sign_in_limits.reset(self.request, email)
        return email

    def save(self, request, **kwargs):
        reset_mail.ask(self.cleaned_data["email"])
        return self.cleaned_data["email"]


class ResetTokenForm(allauth.UserTokenForm):
    """Reads the link from a mail; for who may not sign in (any more) it does not work."""

    def _get_user(self, uidb36):
        user = super()._get_user(uidb36)
        return user if user is not None and user.may_sign_in else None
