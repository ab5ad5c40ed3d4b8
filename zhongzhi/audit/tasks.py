"""The hourly seal; running it twice does no harm."""

import logging

from celery import shared_task

from zhongzhi.audit import actions, verify

CHECK_SECONDS = 3 * 3600
log = logging.getLogger(__name__)


@shared_task(name="audit.seal_trail")
def seal_trail() -> int:
    """Seal every chain that grew. Each seal's code goes to the log, where it witnesses against a later rewrite; as a
    warning, because workers usually log nothing less."""
    actions.gather_all()
    sealed = 0
    while seal := actions.seal_heads():
        log.warning("trail sealed", extra={"seal": seal.seq, "heads": seal.heads, "mac": bytes(seal.mac).hex()})
        sealed += seal.heads
    actions.anchor_seals()
    return sealed


@shared_task(name="audit.check_trail", soft_time_limit=CHECK_SECONDS, time_limit=CHECK_SECONDS + 60)
def check_trail() -> int:
    """Check the trail once a day and whenever the auditor asks."""
    return verify.work_on_checks()


@shared_task(name="audit.gather_marks")
def gather_marks() -> int:
    """Make new marks of contents entries of the trail."""
    return actions.gather_all()
