"""The clients: a process of its own that scans, asks for slips and hands over, whatever happens.

`python -m chaos.clients ADDRESS PROMISES FOLDER BATCHES LARGE PAUSE SEED`, token in CHAOS_TOKEN;
slips are asked for until its standard input ends. Each request is repeated until it is answered, as
real clients do: the same `Idempotency-Key`, the same file, the same event id.
"""

import hashlib
import os
import sys
import threading
import time
import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, TextIO

import httpx

from chaos import promises
from chaos.papers import large_paper, paper
from chaos.promises import Asked, GaveUp, HandedOver, Line, ReceivedDossier, TakenIn, Through
from tests.paper.people import draw_person, years

PROCEDURE, PAPER_TYPE = "1.001193", "birth_attestation"
GIVER, RECEIVER = "counter-1", "justice-office"
_SCANNERS = 2
_AGAIN_SECONDS, _BETWEEN_SLIPS_SECONDS = 0.3, 0.5
_PATIENCE_SECONDS = 300.0
_TIMEOUT_SECONDS = 60.0
_OK, _CREATED, _ACCEPTED = 200, 201, 202
_PASSING = {0, 500, 502, 503, 504}


@dataclass
class Office:
    """The served archive as its clients know it, and the log of what it told them."""

    address: str
    token: str
    log: TextIO
    codes: list[str] = field(default_factory=list)
    _writing: threading.Lock = field(default_factory=threading.Lock)

    def note(self, line: Line) -> None:
        """Write down what was told."""
        with self._writing:
            promises.write(self.log, line)

    def ask(
        self, client: httpx.Client, what: str, method: str, path: str, **how: Any
    ) -> httpx.Response | None:
        """One request; None where no answer came."""
        begun = time.monotonic()
        try:
            answer = client.request(method, f"/api/v1{path}", **how)
        except httpx.TransportError:
            self.note(Asked(what, 0, "", begun, time.monotonic()))
            return None
        code = "" if answer.is_success else _code_of(answer)
        self.note(Asked(what, answer.status_code, code, begun, time.monotonic()))
        return answer

    def insist(
        self, client: httpx.Client, what: str, method: str, path: str, **how: Any
    ) -> Mapping[str, Any] | None:
        """Ask until there is an answer that repeating would not change; None without success."""
        give_up = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < give_up:
            answer = self.ask(client, what, method, path, **how)
            if answer is not None and answer.status_code not in _PASSING:
                if not answer.is_success:
                    break
                told: Mapping[str, Any] = answer.json()
                return told
            time.sleep(_AGAIN_SECONDS)
        self.note(GaveUp(what))
        return None

    def client(self) -> httpx.Client:
        """A client of one's own."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx.Client(base_url=self.address, headers=headers, timeout=_TIMEOUT_SECONDS)


def take_stacks_in(
    office: Office, stacks: list[tuple[str, bytes, int]], pause_seconds: float, rng: Random
) -> None:
    """One counter: a dossier is received, its paper scanned, the dossier handed over."""
    with office.client() as client:
        for stack in stacks:
            code = _receive(office, client, rng)
            if code:
                office.codes.append(code)
                _scan(office, client, code, stack)
                _hand_over(office, client, code)
            time.sleep(rng.uniform(0, 2 * pause_seconds))


def ask_for_slips(office: Office, is_over: threading.Event) -> None:
    """One printer: a slip of the newest dossier, twice a second, each asked for once."""
    with office.client() as client:
        while not is_over.wait(_BETWEEN_SLIPS_SECONDS):
            if office.codes:
                office.ask(client, "slip", "GET", f"/dossiers/{office.codes[-1]}/slip.pdf")


def _receive(office: Office, client: httpx.Client, rng: Random) -> str | None:
    person = draw_person(rng, born=years(1940, 2006))
    told = office.insist(
        client,
        "receive",
        "POST",
        "/dossiers",
        json={
            "procedure": PROCEDURE,
            "citizen_id": person.citizen_id,
            "owner_name": person.name,
            "desk": GIVER,
        },
        headers={"Idempotency-Key": uuid.uuid4().hex},
    )
    if told is None:
        return None
    code = str(told["code"])
    office.note(ReceivedDossier(code))
    return code


def _scan(office: Office, client: httpx.Client, code: str, stack: tuple[str, bytes, int]) -> None:
    name, content, pages = stack
    told = office.insist(
        client,
        "scan",
        "POST",
        "/scans",
        files={"file": (name, content)},
        data={"dossier": code, "component_type": PAPER_TYPE},
    )
    if told is not None:
        sha256 = hashlib.sha256(content).hexdigest()
        office.note(TakenIn(sha256, str(told["batch"]), code, pages))


def _hand_over(office: Office, client: httpx.Client, code: str) -> None:
    """The giver's scan and the receiver's: one hand-off."""
    steps = ((GIVER, {"action": "give", "to": RECEIVER}), (RECEIVER, {"action": "receive"}))
    for desk, said in steps:
        event = uuid.uuid4().hex
        body = {"event_id": event, "code": code, **said}
        told = office.insist(client, "hand over", "POST", f"/desks/{desk}/scans", json=body)
        if told is None:
            return
        if told["outcome"] in {"accepted", "duplicate"}:
            office.note(HandedOver(event, code, desk))
        else:
            office.note(GaveUp(f"hand over: {told['outcome']} {told['reason']}"))


def _code_of(answer: httpx.Response) -> str:
    if "json" not in answer.headers.get("content-type", ""):
        return ""
    return str(answer.json().get("code", ""))


def main() -> None:
    """Work until every stack is taken in, then print slips until nobody wants them any more."""
    address, log, folder, batches, large, pause, seed = sys.argv[1:]
    rng = Random(int(seed))
    stacks = [paper(Path(folder), number, rng) for number in range(int(batches))]
    stacks += [large_paper(Path(folder), 10_000 + number, rng) for number in range(int(large))]
    is_over = threading.Event()
    with Path(log).open("w") as lines, ThreadPoolExecutor(_SCANNERS + 1) as threads:
        office = Office(address, os.environ["CHAOS_TOKEN"], lines)
        printing = threads.submit(ask_for_slips, office, is_over)
        counters = [
            threads.submit(take_stacks_in, office, mine, float(pause), Random(rng.random()))
            for mine in (stacks[number::_SCANNERS] for number in range(_SCANNERS))
        ]
        try:
            for counter in counters:
                counter.result()
            office.note(Through(len(stacks)))
            sys.stdin.read()
        finally:
            is_over.set()
        printing.result()


if __name__ == "__main__":
    main()
