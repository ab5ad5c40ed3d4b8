"""Identity rows: people and service users, their sign-ins, passwords, API clients and the security log."""

from zhongzhi.accounts.models.clients import ApiClient, ApiToken, ClientSight, Scope
from zhongzhi.accounts.models.idempotency import IdempotencyRecord
from zhongzhi.accounts.models.login_sessions import UserSession
from zhongzhi.accounts.models.reference_change import ReferenceChange
from zhongzhi.accounts.models.second_factors import Authenticator, Passkey, RecoveryCode, SecondFactorRule
from zhongzhi.accounts.models.security import SecurityEvent, SecurityKind
from zhongzhi.accounts.models.security_rules import DormancyDecision, DormancyReview, SecurityRule
from zhongzhi.accounts.models.users import PasswordHistory, User, UserKind

__all__ = [
    "ApiClient",
    "ApiToken",
    "Authenticator",
    "ClientSight",
    "DormancyDecision",
    "DormancyReview",
    "IdempotencyRecord",
    "Passkey",
    "PasswordHistory",
    "RecoveryCode",
    "ReferenceChange",
    "Scope",
    "SecondFactorRule",
    "SecurityEvent",
    "SecurityKind",
    "SecurityRule",
    "User",
    "UserKind",
    "UserSession",
]
