"""Makes the first account of a new server: an administrator, who then makes the others on the page."""

from argparse import ArgumentParser

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from archiveportal.accounts.models import Role, User
from archiveportal.accounts.services import create_account
from archiveportal.history.models import Via


class Command(BaseCommand):
    help = "Make an administrator and print the first password, which must be changed at the first sign-in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="sign-in name")
        parser.add_argument("full_name", help="full name, in quotation marks")
        parser.add_argument("--email", default="", help="for the link to a new password")

    def handle(self, *, username: str, full_name: str, email: str, **options: object) -> None:
        account = User(username=username, full_name=full_name, email=email, role=Role.ADMINISTRATOR)
        try:
            account.full_clean(exclude=["password"])
            password = create_account(account=account, by=None, via=Via.COMMAND)
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        self.stdout.write(f"{username}: {password}")
