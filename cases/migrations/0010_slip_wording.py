"""Who worded a slip, what was typed too late, and the end of roles on paper (M2)."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import cases.crypto.fields


def forget_roles(apps, _schema):
    """Prints that were asked for with roles: what was made is thrown away, what waits is made without."""
    jobs = apps.get_model("cases", "PrintJob").objects
    for pk, state, order in jobs.values_list("pk", "state", "order").iterator():
        if not isinstance(order, dict) or not order.get("roles"):
            continue
        order = {key: value for key, value in order.items() if key != "roles"}
        made = {"state": "stopped", "result": b""} if state == "done" else {}
        jobs.filter(pk=pk).update(order=order, **made)


def forget_choice(apps, _schema):
    """The chapter with roles in how somebody likes to print."""
    users = apps.get_model("cases", "User").objects
    for pk, choices in users.values_list("pk", "print_choices").iterator():
        parts = choices.get("parts") if isinstance(choices, dict) else None
        kept = dict(choices) if isinstance(choices, dict) else {}
        had = kept.pop("roles", None) is not None
        if isinstance(parts, list) and "roles" in parts:
            kept["parts"] = [part for part in parts if part != "roles"]
            had = True
        if had:
            users.filter(pk=pk).update(print_choices=kept)


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_talk_pads")]

    operations = [
        migrations.AddField(
            model_name="idea",
            name="slip_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="idea",
            name="slip_checked",
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name="LateText",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("typed", cases.crypto.fields.EncryptedJSONField(default=dict)),
                ("saved", models.DateTimeField(auto_now_add=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="late_texts",
                        to="cases.case",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.school",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ["saved", "pk"]},
        ),
        migrations.RunPython(forget_roles, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(forget_choice, migrations.RunPython.noop, elidable=True),
    ]
