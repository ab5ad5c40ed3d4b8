"""One person at the desk: opens pages as they are linked, does what they offer, and says what came of it."""

import re
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from intake.models import Case, PartyRole
from intake.queries.violence import why_not_joint
from tests.desks.filling import Hand
from tests.desks.liking import (
    AT_LEAST,
    BREAKS_WORD,
    CARED,
    ENDING,
    ENOUGH,
    FREQUENT,
    LEADS_TO,
    NEVER,
    ON_THE_WAY,
    RATHER,
    SELDOM,
    TIRED,
    UNTRIED,
    WITH_PROOF,
)
from tests.mediation.ways import photo
from zhongzhi.accounts.models import User

OFFERED = re.compile(r'hx-get="(/[^"?]*/(?:acts|tasks)/[^"?]*|/mediation/open/[^"?]*)"')
LINKED = re.compile(r'href="(/(?:mediation|documents|referrals|cases)/[^"?#]*)"')
PAGES = re.compile(
    r"^/mediation/(?:sessions/)?[0-9a-f-]{36}/(?:agreement/|file/)?$|^/(?:referrals/)?documents/[0-9a-f-]{36}/$|/care/$|/members/$"
)
MOST_PAGES = 4
"""So many of the pages that a case's page links are looked into at one go."""
LOOKED_INTO = {
    "agreement": "调解协议 draft",
    "sessions": "会期 hold",
    "care": "特殊关爱 open",
    "file": "卷宗 add",
    "members": "名册 join",
}
"""Pages that are filled in as they stand, without a dialog, and what is done there."""
KINDS = {
    "mediation": "调解",
    "session": "会期",
    "agreement": "调解协议",
    "instalment": "履行",
    "confirmation": "司法确认",
    "documents": "函单",
    "tasks": "联动任务",
    "care": "特殊关爱",
}


@dataclass
class Findings:
    """What was done how often, what should not have happened, and what earlier walks did."""

    done: Counter[str] = field(default_factory=Counter)
    by_api: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    before: Counter[str] = field(default_factory=Counter)

    def times(self, label: str) -> int:
        """How often something was done, here and before."""
        return self.done[label] + self.before[label]


@dataclass
class Desk:
    """A person signed in."""

    user: User
    rng: Random
    found: Findings

    def __post_init__(self) -> None:
        """`patience` is how much they still do besides what leads to the end; `waits` that they see it through,
        `is_late` that they want to be done with it."""
        self.serves_at = frozenset(self.user.postings.values_list("organisation_id", flat=True))
        self.is_blind, self.patience, self.keeps_word = False, 1.0, True
        self.waits = self.is_late = False
        self.sign_in()

    def sign_in(self) -> None:
        """At a browser nobody sits at, with a password that is changed in time."""
        User.objects.filter(pk=self.user.pk).update(password_changed_at=timezone.now())
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
        """Addresses of what the case's page and some of the pages linked there offer this person."""
        start = f"/cases/{case.code}/"
        answer = self.client.get(start)
        if answer.status_code not in (200, 404):
            self.found.faults.append(f"{self.user.username}: {start} answers {answer.status_code}")
            return []
        if answer.status_code == 404:  # a letter about a case is seen by those it went to, the case is not
            start = f"/documents/?case={case.code}"
        pages = [answer.content.decode() if answer.status_code == 200 else self.opened(start, "公文")]
        linked = [link for link in dict.fromkeys(LINKED.findall(pages[0])) if PAGES.search(link)]
        self.is_blind = answer.status_code == 404 and not linked
        todo = self.some(linked)
        for link in todo:
            page = self.opened(link, start)
            pages.append(page)
            further = [one for one in dict.fromkeys(LINKED.findall(page)) if PAGES.search(one) and one not in todo]
            self.rng.shuffle(further)
            todo += further[: max(1, MOST_PAGES - len(todo))]
        papers = [link for link in todo if name_of(link) in LOOKED_INTO]
        return [*dict.fromkeys(a for page in pages for a in OFFERED.findall(page)), *papers]

    def some(self, links: list[str]) -> list[str]:
        """The last mediation, which leads on; one of the papers, or of the mediations before, rather one on which
        something was hardly ever done."""
        talks = [link for link in links if link.startswith("/mediation/")]
        others = [link for link in links if link not in talks[-1:]]
        self.rng.shuffle(others)
        others.sort(key=lambda link: not self.lacks(LOOKED_INTO.get(name_of(link), "")))
        return [*talks[-1:], *others[:1]]

    def lacks(self, label: str) -> bool:
        """Whether an act that is done only after this one was hardly ever done."""
        return any(self.found.times(later) < ENOUGH for later in LEADS_TO.get(label, ()))

    def choose(self, addresses: list[str]) -> str:
        """One of them, or none: what ends a case at once is seldom done because nothing else is to do."""
        if not self.keeps_word and self.rng.random() > BREAKS_WORD:
            addresses = [address for address in addresses if name_of(address) != "perform"]
        chosen = self.rng.choices(addresses, [self.weight(address) for address in addresses])[0] if addresses else ""
        return "" if chosen and self.rng.random() < self.doubt(chosen) else chosen

    def doubt(self, address: str) -> float:
        """How often somebody thinks better of it: of what ends a case at once, and of what leads nowhere."""
        name = name_of(address)
        if name in ENDING:
            return 1 if self.waits else ENDING[name] if self.patience > TIRED and not self.is_late else 0
        label = label_of(address)
        if name not in SELDOM or self.found.times(label) < ENOUGH or self.lacks(label):
            return 0
        return 1 - max(SELDOM[name] * self.patience, AT_LEAST)

    def weight(self, address: str) -> float:
        """How likely somebody is to do it: less of what leads nowhere with every act, and in the end what ends it. What
        was hardly ever done so far is tried where it is offered."""
        name = name_of(address)
        if name in ENDING and self.is_late:
            return NEVER
        if name in ENDING and self.patience <= TIRED and not self.waits:
            return 3
        usual = FREQUENT.get("hold" if name == "sessions" else name) or SELDOM.get(name, 1) * self.patience
        label = label_of(address)
        if not self.found.times(label):
            return NEVER
        if self.found.times(label) < ENOUGH or not all(map(self.found.times, LEADS_TO.get(label, ()))):
            return max(usual, 1) * UNTRIED
        return max(usual, 1) * ON_THE_WAY if self.lacks(label) else usual

    def act(self, case: Case, address: str) -> bool:
        """Do what is offered; whether something was done. Everything that the dialog let one fill in must be taken."""
        name = name_of(address)
        pages = {"care": self.cared_for, "file": self.put_into_the_file, "members": self.group}
        if name in pages:
            return pages[name](address, case)
        answer = self.client.get(address)
        if answer.status_code != 200:
            self.found.faults.append(f"{self.user.username}: {address} offered, answers {answer.status_code}")
            return False
        form: Any = answer.context["form"]
        if address.endswith("/agreement/"):
            sent = self.agreed(answer, form)
        elif name == "sessions":
            return self.held(address, answer, form)
        else:
            sent = Hand(self.rng, self.user, case, name).fill(form)
            if any(field.required and key not in sent for key, field in form.fields.items()) or _nothing_to_pick(
                sent, form
            ):
                return False
            if "proofs" in form.fields and self.rng.random() < WITH_PROOF:
                sent["proofs"] = photo()
        return self.told(address, self.client.post(address, sent, headers={"HX-Request": "true"}), sent, case)

    def put_into_the_file(self, address: str, case: Case) -> bool:
        """A photo put into the file of a mediation that lacks it: the paper of a party, a proof of what was done."""
        page = self.client.get(address)
        if page.status_code != 200:
            self.found.faults.append(f"{self.user.username}: {address} linked, answers {page.status_code}")
            return False
        kinds = [kind for kind in ("performance", "identity") if self.is_missing(page, kind)]
        if not page.context["may_add"] or not kinds:
            return False
        sent = {"kind": kinds[0]}
        if kinds[0] == "identity":
            shown = {row.party_id for row in page.context["materials"]}
            bare = [
                p for p in case.parties.filter(role=PartyRole.PRINCIPAL) if not p.paper_sealed and p.pk not in shown
            ]
            sent["party"] = str(bare[0].uid)
        answer = self.client.post(address, {"upload": photo(), **sent})
        if answer.status_code != 302:
            words = answer.context["form"].errors.as_text()[:300] if answer.context else ""
            self.found.faults.append(f"{self.user.username}: {address} refused {answer.status_code}: {words}")
            return False
        self.found.done["卷宗 add"] += 1
        return True

    def is_missing(self, page: Any, kind: str) -> bool:
        """Whether the page says that the file lacks it."""
        if kind == "performance":
            return kind in page.context["form"].fields
        return any(line.rule.form == kind and line.is_missing for line in page.context["lines"])

    def group(self, address: str, case: Case) -> bool:
        """The list of a group: somebody joins who came later, two are chosen to speak, all say they stand behind it."""
        page = self.client.get(address)
        if page.status_code != 200:
            where = page.headers.get("Location", "")
            self.found.faults.append(f"{self.user.username}: {address} linked, answers {page.status_code} {where}")
            return False
        lines, figures = page.context["lines"], page.context["figures"]
        if not page.context["keeps"] or not lines:
            return False
        today, uids = timezone.localdate().isoformat(), [line.uid for line in lines]
        chosen = {"on": today, "mandate": "推选书", "consent": "authorised"}
        if figures.representatives < 2 <= len(uids):
            name, sent = "represent", chosen | {"do": "represent", "members": uids[:2]}
        elif figures.consented < figures.people:
            name, sent = "consent", chosen | {"do": "consent", "everybody": "on"}
        else:
            amount = "800.50" if self.rng.random() < 0.9 else ""
            name, sent = "join", {"name": f"村民{self.rng.randrange(10**9)}", "amount": amount}
        answer = self.client.post(f"{address}{'join' if name == 'join' else 'chosen'}/", sent)
        if answer.status_code != 302:
            forms = [form for key in ("join_form", "chosen_form") if (form := (answer.context or {}).get(key))]
            words = "; ".join(form.errors.as_text() for form in forms)[:300]
            where = f"{name} offered on the list of {case.code} ({case.status})"
            self.found.faults.append(f"{self.user.username}: {where}, refused {answer.status_code}: {words}")
            return False
        self.found.done[f"名册 {name}"] += 1
        return True

    def told(self, address: str, answer: HttpResponse, sent: dict[str, Any], case: Case) -> bool:
        """What became of it."""
        if answer.status_code in (200, 204, 302) and (answer.status_code == 302 or "HX-Redirect" in answer.headers):
            self.found.done[label_of(address)] += 1
            return True
        case.refresh_from_db()
        context: Any = getattr(answer, "context", None)
        words = context["form"].errors.as_text()[:300] if context and "form" in context else ""
        if "已有安排" in words or "同一时段" in words:  # two at once before one mediator: nobody can know that before
            return False
        where = f"{label_of(address)} offered on {case.code} ({case.status})"
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
        if len(parties) < 2:
            return sent
        row = {"debtor": parties[-1], "creditor": parties[0], "kind": "land", "what": "归还土地1垄"}
        return sent | {f"o-0-{key}": value for key, value in row.items()} | {"o-0-p-0-due_on": today}

    def held(self, address: str, answer: Any, form: Any) -> bool:
        """A session written up and held, where the page offers it; who was hurt at home comes without the others."""
        if not answer.context.get("may_hold"):
            return False
        case, people = answer.context["case"], list(answer.context["people"])
        apart = why_not_joint(case, list(case.parties.all())) is not None
        came = {f"came_{a.pk}": "on" for a in people if not apart or a.party_id == people[0].party_id}
        sent = {"record": "各方陈述，同意归还。", "facts": "付某多种1垄。", "result": "agreed", "do": "hold", **came}
        sent["version"] = form.get_initial_for_field(form.fields["version"], "version")
        done = self.client.post(address, sent)
        if done.status_code == 302:
            self.found.done["会期 hold"] += 1
        else:
            words = done.context["form"].errors.as_text()[:300] if done.context else ""
            self.found.faults.append(f"{self.user.username}: {address} hold refused {done.status_code}: {words}")
        return done.status_code == 302

    def cared_for(self, address: str, case: Case) -> bool:
        """The record of special care: opened with a reason, and one of its forms filled in."""
        opened = self.client.post(address, {"reason": "随访"})
        if opened.status_code != 200 or not opened.context.get("forms"):
            self.found.faults.append(f"{self.user.username}: {address} linked, answers {opened.status_code}")
            return False
        self.found.done["特殊关爱 open"] += 1
        lacking = [label for label in CARED if self.found.times(label) < ENOUGH]
        label = self.rng.choice(lacking if lacking and self.rng.random() < RATHER else CARED)
        name = label.removeprefix("特殊关爱 ")
        form = opened.context["forms"].get(name)
        sent = {"reason": "情况稳定"} if form is None else Hand(self.rng, self.user, case, name).fill(form)
        if form is not None and any(field.required and key not in sent for key, field in form.fields.items()):
            return False
        answer = self.client.post(f"{address}{name}/", sent, follow=True)
        said = [str(message) for message in answer.context["messages"]] if answer.context else []
        if answer.status_code != 200 or (name != "end" and said != ["已登记。"]):
            self.found.faults.append(f"{self.user.username}: {address}{name}/ refused {answer.status_code}: {said}")
            return False
        self.found.done[label] += 1
        return True


def name_of(address: str) -> str:
    """What an act is called in its address."""
    if address.endswith("/agreement/"):
        return "agreement"
    return "sessions" if "/sessions/" in address and "/acts/" not in address else address.rstrip("/").rsplit("/", 1)[-1]


def label_of(address: str) -> str:
    """The act, and what it is done on where that is no case."""
    parts, name = address.strip("/").split("/"), name_of(address)
    if name in LOOKED_INTO or name in ("mediate", "mediate-now"):
        return LOOKED_INTO.get(name, name)
    kind = next((KINDS[part] for part in reversed(parts[:-1]) if part in KINDS), "")
    return f"{kind} {name}".strip()


def _nothing_to_pick(sent: dict[str, Any], form: Any) -> bool:
    """A field that must be picked from a list in which nothing suits: no other case, no further organisation."""
    must = ("organisation", "receiver", "centre", "target", "earlier", "leader", "handling", "co_1")
    lacking = any(field.required and key not in sent for key, field in form.fields.items())
    return lacking or any(key in form.fields and key not in sent and not sent.get("outside") for key in must)
