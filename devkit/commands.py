"""Commands of the devkit by name: they are found here and not by `manage.py`, which knows the product alone."""

from typing import Any

from django.core.management import call_command, load_command_class
from django.core.management.base import BaseCommand


def command(name: str) -> BaseCommand:
    """The command of that name."""
    found: BaseCommand = load_command_class("devkit", name)
    return found


def run(name: str, *arguments: Any, **options: Any) -> None:
    """Run a command in this process."""
    call_command(command(name), *arguments, **options)
