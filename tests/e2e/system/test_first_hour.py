"""A newcomer's first hour with `./imece up`: the README as printed, the demonstration, a webhook, the end."""

import asyncio
import json
import re
import shutil
import signal
import time
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.conformance.judges import Judge, cannot_judge
from tests.e2e.system.conftest import ROOT, STOP_SECONDS, Up
from tests.waiting import wait_until

ATTRIBUTES = ("ce_specversion=1.0", "ce_id=", "ce_type=crisis.", "ce_sequence=", "ce_traceparent=")

UNVERIFIED_NEED = """
send POST "$CRISIS/crises/$CRISIS_ID/needs" "$ASKER" '{"district":"TUR046","urgency":"urgent",
  "lines":[{"item_code":"SHL-TENT-FAM","quantity":"40","unit":"adet",
  "needed_by":"2031-01-01T00:00:00Z"}]}' > /dev/null
"""


@pytest.mark.timeout(600)
async def test_the_first_hour_goes_as_promised(up: Up, judge: Judge) -> None:
    addresses = await asyncio.to_thread(up.addresses)
    receiver = await Receiver.listen()
    secret = await subscribe(addresses, receiver.port)
    await the_lines_of_the_readme_work_as_printed(up)
    await an_integrator_gets_to_an_accepted_pledge_in_bash_and_in_python(up)
    await the_pledge_arrives_as_a_webhook_that_a_third_party_verifies(receiver, secret, judge)
    await a_second_up_is_told_that_the_first_runs(up)
    await the_metrics_of_every_process_please_promtool(addresses)
    await another_client_sees_cloudevents_headers(up)
    await the_demonstration_plays_to_its_end_and_the_board_shows_it(up)
    receiver.close()
    await the_end_leaves_no_process(up)


class Receiver:
    """An HTTP server of the test's own that keeps what it was sent."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.port = 0
        self._server: asyncio.Server | None = None

    @classmethod
    async def listen(cls) -> "Receiver":
        receiver = cls()
        receiver._server = await asyncio.start_server(receiver._take, "127.0.0.1", 0)
        receiver.port = receiver._server.sockets[0].getsockname()[1]
        return receiver

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        rows = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[1:]
        pairs = [row.partition(":") for row in rows if row]
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        body = (await reader.readexactly(int(headers["content-length"]))).decode()
        self.messages.append({"headers": headers, "body": body})
        writer.write(b"HTTP/1.1 204 No Content\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    def close(self) -> None:
        if self._server is not None:
            self._server.close()


async def run(*words: str | Path, up: Up, seconds: float, text: str = "") -> tuple[int, str, str]:
    """Run a program in the checkout with the system's environment: exit code, output, errors."""
    process = await asyncio.create_subprocess_exec(
        *words,
        cwd=ROOT,
        env=up.environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await asyncio.wait_for(process.communicate(text.encode()), seconds)
    return process.returncode or 0, output.decode(), errors.decode()


async def subscribe(addresses: dict[str, str], port: int) -> str:
    headers = {"authorization": f"Bearer {addresses['KEY']}", "idempotency-key": f"hook-{time.time_ns()}"}
    async with httpx.AsyncClient(base_url=addresses["NOTIFICATIONS"], headers=headers, timeout=30) as client:
        hook = {"channel": "webhook", "url": f"http://127.0.0.1:{port}/hook"}
        subscribed = await client.post("/subscriptions", json=hook)
    assert subscribed.status_code == 201, subscribed.text
    return str(subscribed.json()["secret"])


async def the_lines_of_the_readme_work_as_printed(up: Up) -> None:
    found = re.search(r"```bash\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    lines = "set -euo pipefail\n" + found.group(1)
    code, output, errors = await run("bash", "-c", lines, up=up, seconds=180)
    assert code == 0, output + errors
    said = output.splitlines()
    assert said[:2] == ["open", "held"]
    assert "'gap': '800'" in said[3]
    assert "'held': '200'" in said[3]
    assert "event: hello" in said


async def an_integrator_gets_to_an_accepted_pledge_in_bash_and_in_python(up: Up) -> None:
    guide = (ROOT / "docs" / "integrate.md").read_text(encoding="utf-8")
    bash = re.findall(r"```bash\n(.*?)```", guide, re.DOTALL)
    python = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    assert (len(bash), len(python)) == (2, 1)
    unverified = UNVERIFIED_NEED  # newer than the one that was verified, so first in the unfiltered list
    program = f"for _ in 1 2; do python3 - <<'PROGRAM'\n{python[0]}PROGRAM\ndone\n"
    refused = "export MINE=imc_test_nobody\n" + program.replace("for _ in 1 2", "for _ in 1")
    lines = "\n".join(["set -euo pipefail", bash[0], unverified, bash[1], program, refused])
    code, output, errors = await run("bash", "-c", lines, up=up, seconds=180)
    assert code == 1, "a refusal is the end of the program"
    assert '"code":"key_malformed"' in errors, "and is shown whole"
    assert "Traceback" not in errors
    said = [line for line in output.splitlines() if "submitted" not in line]
    kept = ["promised 50 adet", "my promise is held"]
    assert said == [
        *("proposed", "held"),
        *("SHL-TENT-FAM open missing 180 adet", *kept),
        *("SHL-TENT-FAM open missing 130 adet", *kept),
    ], "accepted 120; the program's 50 are promised once"
    printed = re.search(r"it prints\n\n```\n(.*?)```", guide, re.DOTALL)
    assert printed is not None
    assert printed.group(1).splitlines() == said[2:5]


async def the_pledge_arrives_as_a_webhook_that_a_third_party_verifies(
    receiver: Receiver, secret: str, judge: Judge
) -> None:
    def pledges() -> list[dict[str, Any]]:
        return [one for one in receiver.messages if "crisis.allocation.proposed" in one["body"]]

    await wait_until(lambda: bool(pledges()), timeout=60, message="no webhook told of the pledge")
    signed = {"secret": secret, **pledges()[0]}
    verdict = judge("verify_webhook.mjs", json.dumps(signed))
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
    tampered = {**signed, "body": signed["body"].replace("200", "900")}
    assert judge("verify_webhook.mjs", json.dumps(tampered)).returncode == 1
    stale = {**signed["headers"], "webhook-timestamp": str(int(time.time()) - 600)}
    assert judge("verify_webhook.mjs", json.dumps({**signed, "headers": stale})).returncode == 1


async def a_second_up_is_told_that_the_first_runs(up: Up) -> None:
    code, output, errors = await run(ROOT / "imece", "up", up=up, seconds=60)
    assert code != 0
    assert str(up.process.pid) in output + errors


async def the_metrics_of_every_process_please_promtool(addresses: dict[str, str]) -> None:
    promtool = shutil.which("promtool") or cannot_judge("promtool")
    async with httpx.AsyncClient(timeout=30) as client:
        for service in ("REGISTRY", "CRISIS", "NOTIFICATIONS"):
            page = (await client.get(f"{addresses[service]}/metrics")).text
            assert "http_requests_total" in page
            check = await asyncio.create_subprocess_exec(
                str(promtool),
                "check",
                "metrics",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
            said, _ = await check.communicate(page.encode())
            assert (check.returncode, said.decode()) == (0, ""), service


async def another_client_sees_cloudevents_headers(up: Up) -> None:
    kcat = shutil.which("kcat") or cannot_judge("kcat")
    bootstrap = json.loads((up.state / "running.json").read_text())["bootstrap"]
    where = ["-b", bootstrap, "-C", "-t", "crisis.lines.v1", "-o", "beginning", "-e", "-q", "-f", "%h\n"]
    _, output, errors = await run(str(kcat), *where, up=up, seconds=60)
    assert output, errors
    for headers in output.splitlines():
        assert all(attribute in headers for attribute in ATTRIBUTES), headers


async def the_demonstration_plays_to_its_end_and_the_board_shows_it(up: Up) -> None:
    code, output, errors = await run(ROOT / "imece", "demo", "--speed", "150", up=up, seconds=300)
    assert code == 0, output + errors
    board = re.findall(r"http\S+/c/\S+", output)[-1]

    async def lines_held() -> int:
        async with httpx.AsyncClient(timeout=30) as client:
            cards = (await client.get(f"{board}/board")).json()["cards"]
        return sum(float(card["held"]) > 0 for card in cards) if len(cards) == 60 else 0

    async def is_shown() -> bool:
        return await lines_held() > 30

    await wait_until(is_shown, timeout=30, message="the board does not show the demonstration")


async def the_end_leaves_no_process(up: Up) -> None:
    supervisor = psutil.Process(up.process.pid)
    family = [supervisor, *supervisor.children(recursive=True)]
    assert len(family) > 4
    up.process.send_signal(signal.SIGINT)
    code = await asyncio.to_thread(up.process.wait, STOP_SECONDS)
    assert code in (0, 130), "\n".join(up.printed[-10:])
    await wait_until(lambda: not any(part.is_running() for part in family), message="a process was left")
