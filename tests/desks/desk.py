"""One person at the desk: opens pages as they are linked, does what they offer, and says what came of it."""

import re
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

from django.http import HttpResponse
from django.test import Client

from intake.models import Case
from tests.desks.filling import Hand
from zhongzhi.accounts.models import User

OFFERED = re.compile(r'hx-get="(/[^"?]*/(?:acts|tasks)/[^"?]*|/mediation/open/[^"?]*)"')
LINKED = re.compile(r'href="(/(?:mediation|documents|referrals|cases)/[^"?#]*)"')
PAGES = re.compile(
    r"^/mediation/(?:sessions/)?[0-9a-f-]{36}/(?:agreement/)?$|^/(?:referrals/)?documents/[0-9a-f-]{36}/$"
)
FREQUENT = {
    name: weight
    for weight, names in {
        9: "sign close archive",
        8: "accept report-outcome follow-up consent",
        6: "dispatch sign-part report-part take-force perform ruling acceptance",
        5: "resume done",
        4: "split",
        3: "take-up mediate receive",
        2: "plan",
    }.items()
    for name in names.split()
}
SELDOM = {
    name: weight
    for weight, names in {
        0.5: "escalate draft return cancel add-task revise ask-extension add-co-handlers",
        0.4: "guide merge hang-up suspend reopen send-back regrade release hand-down release-part",
        0.3: "withdraw meeting mark-care edit link-repeat urge void unsign",
        0.2: "reissue",
        0.1: "restrict",
    }.items()
    for name in names.split()
}
"""How often people reach for what they are offered; everything else once."""


@dataclass
class Findings:
    """What was done how often, and what should not have happened."""

    done: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


@dataclass
class Desk:
    """A person signed in."""

    user: User
    rng: Random
    found: Findings

    def __post_init__(self) -> None:
        self.sign_in()

    def sign_in(self) -> None:
        """At a browser nobody sits at."""
        self.client = Client(raise_request_exception=False)
        self.client.force_login(self.user)

    def opened(self, address: str, why: str) -> str:
        """A page that is linked; a fault where it does not open."""
        answer = self.client.get(address)
        if answer.status_code not in (200, 302):
            self.found.faults.append(f"{self.user.username}: {address} linked on {why} answers {answer.status_code}")
            return ""
        return answer.content.decode() if "text/html" in answer.headers.get("Content-Type", "") else ""

    def offers(self, case: Case) -> list[str]:
        """Addresses of everything that the case's page and the pages linked there offer this person."""
        start = f"/cases/{case.code}/"
        answer = self.client.get(start)
        if answer.status_code == 404:
            return []
        pages = [answer.content.decode()]
        todo = [link for link in dict.fromkeys(LINKED.findall(pages[0])) if PAGES.match(link)]
        for link in todo:
            page = self.opened(link, start)
            pages.append(page)
            for further in dict.fromkeys(LINKED.findall(page)):
                if PAGES.match(further) and further not in todo and len(todo) < 12:
                    todo.append(further)
        papers = [link for link in todo if link.endswith("/agreement/") or "/sessions/" in link]
        return [*dict.fromkeys(a for page in pages for a in OFFERED.findall(page)), *papers]

    def choose(self, addresses: list[str]) -> str:
        names = [name_of(address) for address in addresses]
        weights = [FREQUENT.get(name, SELDOM.get(name, 1)) for name in names]
        return self.rng.choices(addresses, weights)[0]

    def act(self, case: Case, address: str) -> bool:
        """Do what is offered; whether something was done. Everything that the dialog let one fill in must be taken."""
        name = name_of(address)
        answer = self.client.get(address)
        if answer.status_code != 200:
            self.found.faults.append(f"{self.user.username}: {address} offered, answers {answer.status_code}")
            return False
        form: Any = answer.context["form"]
        if address.endswith("/agreement/"):
            sent = self.agreed(answer, form)
        elif "/sessions/" in address and name == "sessions":
            return self.held(address, answer, form)
        else:
            sent = Hand(self.rng, self.user, case, name).fill(form)
            if any(field.required and key not in sent for key, field in form.fields.items()) or _nothing_to_pick(
                sent, form
            ):
                return False
        return self.told(name, address, self.client.post(address, sent, headers={"HX-Request": "true"}), sent, case)

    def told(self, name: str, address: str, answer: HttpResponse, sent: dict[str, Any], case: Case) -> bool:
        """What became of it."""
        if answer.status_code in (200, 204, 302) and (answer.status_code == 302 or "HX-Redirect" in answer.headers):
            self.found.done[name] += 1
            return True
        case.refresh_from_db()
        context: Any = getattr(answer, "context", None)
        words = context["form"].errors.as_text()[:300] if context and "form" in context else ""
        if "已有安排" in words or "同一时段" in words:  # two at once before one mediator: nobody can know that before
            return False
        where = f"{name} offered on {case.code} ({case.status})"
        self.found.faults.append(f"{self.user.username}: {where}, refused {answer.status_code}: {words} {sent}")
        return False

    def agreed(self, answer: Any, form: Any) -> dict[str, Any]:
        """The editor of an agreement, filled in: the other side gives back what it took."""
        parties = [uid for uid, _ in answer.context["parties"]]
        sent = {key: form.get_initial_for_field(field, key) for key, field in form.fields.items()}
        today = f"{sent['reached_on']}"[:10] if sent.get("reached_on") else ""
        sent = {key: value for key, value in sent.items() if value not in (None, "")} | {
            "terms": "各自归还，不再争执。"
        }
        sent |= {"form": self.rng.choice(["written", "oral"]), "about_status": "no", "reached_on": today}
        row = {"debtor": parties[-1], "creditor": parties[0], "kind": "land", "what": "归还土地1垄"}
        return sent | {f"o-0-{key}": value for key, value in row.items()} | {"o-0-p-0-due_on": today}

    def held(self, address: str, answer: Any, form: Any) -> bool:
        """A session written up, where the page lets one."""
        if not answer.context.get("may_write"):
            return False
        came = {f"came_{a.pk}": "on" for a in answer.context["people"]}
        sent = {"record": "各方陈述，同意归还。", "facts": "付某多种1垄。", "result": "agreed", "do": "hold", **came}
        sent["version"] = form.get_initial_for_field(form.fields["version"], "version")
        done = self.client.post(address, sent)
        if done.status_code == 302:
            self.found.done["hold"] += 1
        elif done.status_code >= 500:
            self.found.faults.append(f"{self.user.username}: {address} answers {done.status_code}")
        return done.status_code == 302


def name_of(address: str) -> str:
    """What an act is called in its address."""
    if "/mediation/open/" in address:
        return "mediate"
    if address.endswith("/agreement/"):
        return "agreement"
    return "sessions" if "/sessions/" in address and "/acts/" not in address else address.rstrip("/").rsplit("/", 1)[1]


def _nothing_to_pick(sent: dict[str, Any], form: Any) -> bool:
    """A field that must be picked from a list in which nothing suits: no other case, no further organisation."""
    must = ("organisation", "receiver", "centre", "target", "earlier", "leader", "handling", "co_1")
    lacking = any(field.required and key not in sent for key, field in form.fields.items())
    return lacking or any(key in form.fields and key not in sent for key in must)
