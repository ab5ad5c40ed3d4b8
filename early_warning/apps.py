"""Early warning (预警): what shows itself in cases, police calls and hazards before it breaks out."""

from django.apps import AppConfig


class EarlyWarningConfig(AppConfig):
    name = "early_warning"
    verbose_name = "预警"

    def ready(self) -> None:
        """Follow what is registered and found below: words of danger reach a person at once."""
        from early_warning.actions.following import follow_case, follow_hazard
        from grids.extension_points import add_hazard_follower
        from intake.extension_points import case_followers

        case_followers.add(follow_case)
        add_hazard_follower(follow_hazard)
