"""What a school said about the columns of its files with closed days."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_settled"),
    ]

    operations = [
        migrations.AddField(
            model_name="school",
            name="day_columns",
            field=models.JSONField(blank=True, default=dict, editable=False),
        ),
    ]
