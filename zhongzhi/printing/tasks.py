"""Making PDFs by the clock; running it twice does no harm."""

from celery import shared_task
from django.utils import timezone

from zhongzhi.printing import actions


@shared_task(name="printing.make_papers")
def make_papers() -> int:
    """Make the PDFs of what was just signed."""
    return actions.make_due_papers(timezone.now())
