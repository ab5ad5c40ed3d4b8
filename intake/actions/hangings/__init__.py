"""What hangs on a case in intake itself, and what becomes of it when the case comes to rest.

The kinds are added in this order, which is that in which they follow: limits and requests before the work they belong
to, the work before what stands beside it and what apps above hang onto it.
"""

from intake.actions.hangings.beside import AGENDA, HAZARD, LEADERS, MERGED_IN, ROADS, SUSPENSIONS
from intake.actions.hangings.work import LIMITS, REQUESTS, TASKS, WORK

KINDS = (LIMITS, REQUESTS, TASKS, WORK, SUSPENSIONS, LEADERS, ROADS, HAZARD, MERGED_IN, AGENDA)
