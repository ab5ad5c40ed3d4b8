"""What an act is called in the trail. Each app that writes the trail lists its acts once, as a subclass of `AuditVerb`.

A verb is part of what the chain's codes are made of: the word of an act that was ever written stays as it is; the
Chinese label may change.
"""

from django.db.models import TextChoices


class AuditVerb(TextChoices):
    """The acts of one app; this class itself has none. What two apps do in one word is listed by the lower of them."""


class Verb(AuditVerb):
    """What the trail tells of itself."""

    CONTENTS_ADOPTED = "contents_adopted", "登记原有内容摘要"
    CONTENTS_GATHERED = "contents_gathered", "归集内容摘要"
