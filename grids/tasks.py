"""Entry points for the clock: tables that wait to be looked at or written."""

from celery import shared_task

from grids.actions import table_imports as imports
from grids.queries.table_imports import CHECK, WRITE
from zhongzhi.jobs.actions import run_due


@shared_task(name="grids.run_imports")
def run_imports() -> int:
    """Look at tables that were handed in, and write those that were confirmed; how many came to an end."""
    return run_due(CHECK, imports.check_rows) + run_due(WRITE, imports.write_rows)
