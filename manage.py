#!/usr/bin/env python
"""Command line of the project; `python manage.py help` lists the commands."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhongzhi.settings")
    from zhongzhi.time_limits import running_as

    running_as("migrate" if sys.argv[1:2] in (["migrate"], ["upgrade"]) else "command")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
