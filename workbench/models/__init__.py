"""What belongs to no single app: walls, tables of figures, retention, exchange, what was typed and not sent."""

from workbench.models.exchange import ExchangeItem, ExchangeState, ReportedCase
from workbench.models.inputs import KeptInput, StandardText, kept_aad
from workbench.models.retention import AlertKind, ReadingAlert, RetentionRule, RetentionRun
from workbench.models.statistics import CustomTable, Lines, PlaceShape, ScreenLink
from workbench.models.webhooks import EventKind, Webhook, WebhookDelivery, token_aad, webhook_aad

__all__ = [
    "AlertKind",
    "CustomTable",
    "EventKind",
    "ExchangeItem",
    "ExchangeState",
    "KeptInput",
    "Lines",
    "PlaceShape",
    "ReadingAlert",
    "ReportedCase",
    "RetentionRule",
    "RetentionRun",
    "ScreenLink",
    "StandardText",
    "Webhook",
    "WebhookDelivery",
    "kept_aad",
    "token_aad",
    "webhook_aad",
]
