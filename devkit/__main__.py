"""`python -m devkit COMMAND`: the commands for developers and the demo, which the product does not know."""

import os
import pkgutil
import sys


def main(arguments: list[str]) -> int:
    """Run one command; without a known name, say which there are."""
    from devkit.management import commands

    names = sorted(module.name for module in pkgutil.iter_modules(commands.__path__))
    if not arguments or arguments[0] not in names:
        print(f"usage: python -m devkit {{{','.join(names)}}} …", file=sys.stderr)
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhongzhi.settings")
    import django

    django.setup()
    from devkit.commands import command

    command(arguments[0]).run_from_argv(["python -m devkit", *arguments])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
