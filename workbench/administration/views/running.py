"""How the installation runs: its health, jobs, messages that wait, the gateway of text messages, backups."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from workbench.administration import actions, queries
from workbench.administration.form_pages import FormPage, form_page
from workbench.administration.forms import ReasonForm
from workbench.administration.permissions import require_run
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.masking import mask_phone
from zhongzhi.jobs.queries import failed_jobs, jobs_of_all
from zhongzhi.notices.channels import TEXT_MESSAGE
from zhongzhi.notices.queries import failing_messages, outbox
from zhongzhi.web.lists import page_of

SHOWN = 30


@login_required
@never_cache
@require_GET
def health(request: PersonRequest) -> HttpResponse:
    """All parts on one page, what is not well marked."""
    require_run(request.user)
    return render(request, "administration/health.html", {"groups": queries.health()})


@login_required
@never_cache
@require_GET
def jobs(request: PersonRequest) -> HttpResponse:
    """Everybody's jobs; those that failed on demand."""
    require_run(request.user)
    failed = request.GET.get("show") == "failed"
    page = page_of(request, failed_jobs() if failed else jobs_of_all(), size=SHOWN)
    return render(request, "administration/jobs.html", {"page": page, "failed": failed})


@login_required
@require_POST
def retry_job(request: PersonRequest, uid: UUID) -> HttpResponse:
    """Try again what a fault stopped."""
    job = actions.retry_job(uid, actor=request.user)
    messages.success(request, f"“{job.title}”已重新排队。")
    return redirect("system:jobs")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def give_job_up(request: PersonRequest, uid: UUID) -> HttpResponse:
    """Give one up, with the reason."""
    require_run(request.user)
    form = ReasonForm(request.POST or None)
    page = FormPage("放弃作业", reverse("system:jobs"), "不再执行，它读取的文件随即清除；提交的人会看到原因。", "放弃")
    return form_page(request, page, form, lambda: _give_job_up(request, uid, form))


@login_required
@never_cache
@require_GET
def messages_waiting(request: PersonRequest) -> HttpResponse:
    """The outbox: kind, receiver masked, state, error; never the words."""
    require_run(request.user)
    failing = request.GET.get("show") == "failing"
    page = page_of(request, failing_messages() if failing else outbox(), size=SHOWN)
    context = {"page": page, "lines": queries.message_lines(page.items), "failing": failing}
    return render(request, "administration/outbox.html", context)


@login_required
@require_POST
def retry_message(request: PersonRequest, pk: int) -> HttpResponse:
    """Try again."""
    actions.retry_message(pk, actor=request.user)
    messages.success(request, "已安排重发，几秒后再看。")
    return redirect("system:outbox")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def give_message_up(request: PersonRequest, pk: int) -> HttpResponse:
    """Give one up, with the reason."""
    require_run(request.user)
    form = ReasonForm(request.POST or None)
    page = FormPage("放弃待发消息", reverse("system:outbox"), "这条消息不再发送，收件人不会收到。", "放弃")
    return form_page(request, page, form, lambda: _give_message_up(request, pk, form))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def text_messages(request: PersonRequest) -> HttpResponse:
    """The gateway, a test message to oneself, the log."""
    require_run(request.user)
    if request.method == "POST":
        actions.send_test_message(actor=request.user)
        messages.success(request, "测试短信已提交，几秒后看下面的结果。")
        return redirect("system:text_messages")
    page = page_of(request, outbox().filter(topic=TEXT_MESSAGE), size=SHOWN)
    context = {
        "page": page,
        "lines": queries.message_lines(page.items),
        "gateway": settings.TEXT_MESSAGE_URL.partition("?")[0],
        "has_token": bool(settings.TEXT_MESSAGE_TOKEN),
        "folder": settings.TEXT_MESSAGE_DIR,
        "own_number": mask_phone(request.user.phone) if request.user.phone else "",
    }
    return render(request, "administration/text_messages.html", context)


@login_required
@never_cache
@require_GET
def backups(request: PersonRequest) -> HttpResponse:
    """The archives, and whether they were compared with their list."""
    require_run(request.user)
    context = {"rows": queries.backups(), "folder": queries.backup_folder()}
    return render(request, "administration/backups.html", context)


@login_required
@require_POST
def check_backup(request: PersonRequest) -> HttpResponse:
    """Compare one now."""
    messages.info(request, actions.check_backup(request.POST.get("name", ""), actor=request.user))
    return redirect("system:backups")


def _give_job_up(request: PersonRequest, uid: UUID, form: ReasonForm) -> str:
    return f"“{actions.give_job_up(uid, actor=request.user, reason=form.cleaned_data['reason']).title}”已放弃。"


def _give_message_up(request: PersonRequest, pk: int, form: ReasonForm) -> str:
    actions.give_message_up(pk, actor=request.user, reason=form.cleaned_data["reason"])
    return "这条消息已放弃。"
