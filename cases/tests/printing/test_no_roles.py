"""Roles in the group are on no paper, for nobody (M2): every paper, format, print, picture and
file.
"""

import uuid

import pytest
from django.conf import settings
from django.urls import reverse

from cases.actions import cases
from cases.models import GroupMember, Idea, Membership, PrintJob, User
from cases.printing import documents, job_queue, print_choices
from cases.printing.print_choices import REPORT_PARTS, Choices
from cases.printing.slip_formats import FORMATS
from cases.tests.world import NAMES, TODAY, at, make_user, tell

from .pdf_reader import packed, words

# Words for the roles in the languages of the product, as earlier releases printed them.
PRINTED_ROLES = (
    "(leidt)",
    "(doetmee)",
    "(heefterniksmeetemaken)",
    "(leads)",
    "(joinsin)",
    "(nopartinit)",
)
LANGUAGES = [code for code, _name in settings.LANGUAGES]
BALANCE = "kwetterwaaromdezegroep"
PEOPLE = ("teacher", "colleague", "coordinator", "administrator")


@pytest.fixture
def told(school, anna):
    with at(TODAY):
        told = tell(school, anna, "7zebra", NAMES, "een")
        case_round = told.round
        case_round.balance_reason = BALANCE
        case_round.save()
        # The stored value itself as a canary: if a role is ever printed as it is stored, it is
        # seen.
        for place, member in enumerate(GroupMember.objects.filter(round=case_round)):
            member.role = f"kwetterrol{place}"
            member.save()
            Idea.objects.update_or_create(
                member=member, defaults={"school": school, "text": f"Idee {place}"}
            )
        yield told


def canaries(told) -> list[str]:
    naming = [
        text for text, question in told.walk.written.items() if question and question.names_roles
    ]
    assert naming
    return [*map(packed, naming), BALANCE, "kwetterrol", *PRINTED_ROLES]


def found_in(told, data: bytes) -> list[str]:
    text = packed(words(data))
    return [each for each in canaries(told) if each in text]


@pytest.mark.inventory("M2")
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_paper_in_any_format_holds_a_role(told, language):
    for key, paper in documents.all_documents().items():
        formats = FORMATS if key == documents.SLIPS else ["a6x4"]
        for format in formats:
            print_context = documents.PrintContext(
                told.case, told.case.leader, Choices(format=format), language
            )
            if not documents.available(print_context, paper):
                continue
            for part in documents.document_parts(print_context, paper):
                assert not found_in(told, part.make()), (key, format)


@pytest.fixture
def people(school, told):
    found = {"teacher": told.case.leader, "colleague": make_user(school, "Youssef")}
    found["coordinator"] = make_user(school, "Marieke", Membership.COORDINATOR)
    found["administrator"] = make_user(school, "Karel", Membership.ADMINISTRATOR)
    for who in ("colleague", "coordinator"):
        cases.add_colleague(told.case, found[who], by=told.case.leader)
    return found


def read(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("asked", ["?roles=1", "?roles=1&parts=roles", "?language=en&roles=on"])
def test_the_old_address_gives_nobody_a_role(told, people, client, who, asked):
    client.force_login(people[who])
    case = told.case.pk
    # As an earlier release remembered it.
    User.objects.filter(pk=people[who].pk).update(
        print_choices={"roles": True, "parts": ["group", "roles"]}
    )
    page = client.get(reverse("case-paper", args=[case, "report"]) + asked)
    file = client.get(reverse("case-paper-file", args=[case, "report", "verslag.pdf"]) + asked)
    preview = client.get(reverse("case-paper-preview", args=[case, "report"]) + asked)
    if who == "administrator":
        assert {page.status_code, file.status_code, preview.status_code} <= {403, 404}
        return
    assert page.status_code == file.status_code == preview.status_code == 200
    assert not found_in(told, read(file))
    html = page.content.decode()
    assert (
        "roles"
        not in page.context["file_url"] + page.context["preview_url"] + page.context["behind"]
    )
    assert 'name="roles"' not in html
    assert "roles" not in str(preview.context["pages"]) + preview.context["back"]
    assert page.context["choices_form"]["parts"].value() == ["group"]


@pytest.mark.parametrize("who", PEOPLE[:3])
def test_the_old_form_and_the_old_order_give_nobody_a_role(told, people, client, who, settings):
    client.force_login(people[who])
    case = told.case.pk
    old = {"go": "choices", "parts": [*REPORT_PARTS], "roles": "on"}
    answer = client.post(reverse("case-paper", args=[case, "report"]), old)
    assert "roles" not in answer["Location"]
    assert "roles" not in str(User.objects.get(pk=people[who].pk).print_choices)
    wrong = {"go": "choices", "parts": [*REPORT_PARTS, "roles"]}
    assert client.post(reverse("case-paper", args=[case, "report"]), wrong).status_code == 422
    order = reverse("case-paper-order", args=[case, "report"]) + "?roles=1"
    answer = client.post(order, {"client_key": str(uuid.uuid4())})
    job = PrintJob.objects.get(owner=people[who], filename="verslag.pdf")
    assert "roles" not in str(job.order)
    job_queue.run()
    job.refresh_from_db()
    assert job.state == PrintJob.DONE and not found_in(told, bytes(job.result))


def old_job(told, state):
    """A print as an earlier release asked for it."""
    report = {"case": str(told.case.pk), "paper": "report"}
    return PrintJob.objects.create(
        school=told.case.school,
        owner=told.case.leader,
        order={
            "items": [report],
            "choices": {"parts": ["group", "roles"], "roles": True},
            "roles": True,
        },
        language="nl",
        filename="verslag.pdf",
        state=state,
        client_key=uuid.uuid4(),
        **(
            {"result": b"%PDF met rollen", "finished_at": told.case.created_at}
            if state == PrintJob.DONE
            else {}
        ),
    )


def test_a_print_that_waited_during_the_upgrade_is_made_without(told, client):
    job = old_job(told, PrintJob.WAITING)
    job_queue.run()
    job.refresh_from_db()
    assert job.state == PrintJob.DONE and not found_in(told, bytes(job.result))
    client.force_login(told.case.leader)
    answer = client.get(reverse("print-job-file", args=[job.pk, job.filename]))
    assert answer.status_code == 200 and not found_in(told, read(answer))


def test_a_print_that_was_made_before_the_upgrade_is_thrown_away(told, client):
    job = old_job(told, PrintJob.DONE)
    client.force_login(told.case.leader)
    answer = client.get(reverse("print-job-file", args=[job.pk, job.filename]), follow=True)
    assert b"met rollen" not in answer.content and "weggegooid" in answer.content.decode()
    job.refresh_from_db()
    assert job.state == PrintJob.STOPPED and not bytes(job.result)


def test_what_was_remembered_by_an_earlier_release_asks_for_no_role():
    read = print_choices.read({"parts": ["steps", "roles"], "roles": True})
    assert read == Choices(parts=("steps",)) and not hasattr(read, "roles")
