"""What belongs to no single app: walls, tables of figures, retention, webhooks, what was typed and not sent."""

from workbench.models.inputs import KeptInput, StandardText, kept_aad
from workbench.models.retention import AlertKind, ReadingAlert, RetentionRule, RetentionRun
from workbench.models.statistics import CustomTable, Lines, PlaceShape, ScreenLink
from workbench.models.webhooks import EventKind, Webhook, WebhookDelivery, webhook_aad

__all__ = [
    "AlertKind",
    "CustomTable",
    "EventKind",
    "KeptInput",
    "Lines",
    "PlaceShape",
    "ReadingAlert",
    "RetentionRule",
    "RetentionRun",
    "ScreenLink",
    "StandardText",
    "Webhook",
    "WebhookDelivery",
    "kept_aad",
    "webhook_aad",
]
