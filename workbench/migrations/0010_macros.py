"""A standard text may carry an act and what its dialog was filled in with (办法)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workbench", "0009_exchange")]
    operations = [
        migrations.AddField("standardtext", "act", models.SlugField("事项", max_length=40, blank=True, default="", db_default="")),
        migrations.AddField(
            "standardtext",
            "fields",
            models.TextField(
                "填好的内容", max_length=8000, blank=True, default="", db_default="", help_text="表单编码；空表示只是一段话"
            ),
        ),
    ]
