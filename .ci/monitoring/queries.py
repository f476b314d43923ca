"""Asks a Prometheus that has watched a fleet every query of the dashboard and of the alerts. Each must be understood and find
something, but for those below, which must find nothing; and no alert fires but what was provoked.

usage: queries.py PROMETHEUS_YML DIRECTORY
       DIRECTORY has dashboard.json and alerts.yaml. Environment: GATEWAY, GATEWAY_MANAGEMENT, WORKER and KAFKA of a running fleet,
       with EVENTS_AT_ONCE=1
"""

import http.server
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

import confluent_kafka
import yaml

# Why what finds nothing cannot find anything here.
FINDS_NOTHING = {
    "GPU memory": "there is no GPU",
    "Text2VideoNoGateway": "it asks for the absence of what is there",
}
# What comes of the jobs below: a dead letter.
PROVOKED = {"Text2VideoDeadLetters"}
LIMIT = 50


def get(url, timeout=10):
    with urllib.request.urlopen(url, timeout=timeout) as answer:
        return json.load(answer)


def post(url, body):
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def until(what, found, limit=LIMIT):
    end = time.monotonic() + limit
    while not found():
        if time.monotonic() > end:
            sys.exit(f"queries: {what}: not within {limit} s")
        time.sleep(0.2)


class Receiver(http.server.BaseHTTPRequestHandler):
    """Takes webhooks: the first is not taken, so that it comes again."""

    calls = 0

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        Receiver.calls += 1
        self.send_response(500 if Receiver.calls == 1 else 204)
        self.end_headers()

    def log_message(self, *arguments):
        pass


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Prometheus:
    """Watches the fleet each second, by the configuration of Compose's Prometheus; ended at exit."""

    def __init__(self, config, rules, directory):
        with open(config, encoding="utf-8") as file:
            settings = yaml.safe_load(file)
        settings["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
        settings["rule_files"] = [os.path.abspath(rules)]
        targets = {"text2video-gateway": "GATEWAY_MANAGEMENT", "text2video-worker": "WORKER"}
        for job in settings["scrape_configs"]:
            del job["dns_sd_configs"]
            job["static_configs"] = [{"targets": [os.environ[targets.pop(job["job_name"])].removeprefix("http://")]}]
        with open(os.path.join(directory, "prometheus.yml"), "w", encoding="utf-8") as file:
            yaml.safe_dump(settings, file)
        address = f"127.0.0.1:{free_port()}"
        self.url = f"http://{address}"
        self.log = os.path.join(directory, "log")
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [
                    "prometheus",
                    f"--config.file={directory}/prometheus.yml",
                    f"--storage.tsdb.path={directory}/data",
                    f"--web.listen-address={address}",
                    "--log.level=warn",
                ],
                stdout=log,
                stderr=log,
            )

    def watches(self):
        """Whether it has asked both."""
        if self.process.poll() is not None:
            with open(self.log, encoding="utf-8") as log:
                sys.exit(f"queries: Prometheus has ended: {log.read()}")
        try:
            urllib.request.urlopen(f"{self.url}/-/ready", timeout=10).close()
        except OSError:
            return False
        return len(self.ask("up == 1")) == 2

    def ask(self, query):
        try:
            return get(f"{self.url}/api/v1/query?" + urllib.parse.urlencode({"query": query}))["data"]["result"]
        except urllib.error.HTTPError as refused:
            sys.exit(f"queries: {query}: {json.load(refused)['error']}")

    def firing(self):
        return {each["metric"]["alertname"] for each in self.ask('ALERTS{alertstate="firing"}')}

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)


def work(gateway, kafka, receiver):
    """Gives the fleet something to tell: jobs that end well and badly, a webhook that comes again, an answer of 503."""
    video = {"prompt": "a red ball", "num_frames": 9, "num_inference_steps": 4, "seed": 1}
    jobs = [post(f"{gateway}/v1/videos", {**video, "webhook": {"url": receiver}})["id"]]
    producer = confluent_kafka.Producer({"bootstrap.servers": kafka})
    for request in ({"model": "nobody/has-it"}, {"prompt": 7}):
        jobs.append(str(uuid.uuid4()))
        producer.produce("video.requests", key=jobs[-1], value=json.dumps({"id": jobs[-1], "prompt": "a red ball", **request}))
    if producer.flush(10):
        sys.exit("queries: the broker took no record")
    with urllib.request.urlopen(f"{gateway}/v1/videos/events", timeout=10):
        try:
            urllib.request.urlopen(f"{gateway}/v1/videos/events", timeout=10).close()
            sys.exit("queries: a second stream of events was not refused: EVENTS_AT_ONCE=1 is wanted")
        except urllib.error.HTTPError as refused:
            if refused.code != 503:
                sys.exit(f"queries: the second stream was answered {refused.code}")
    ends = {}

    def ended():
        for job in jobs:
            try:
                ends[job] = get(f"{gateway}/v1/videos/{job}")["status"]
            except urllib.error.HTTPError as unknown:
                if unknown.code != 404:
                    raise
        return set(ends) == set(jobs) and not {"queued", "in_progress"} & set(ends.values())

    until("the end of the jobs", ended)
    if list(ends.values()) != ["completed", "failed", "failed"]:
        sys.exit(f"queries: the jobs ended as {list(ends.values())}")
    until("the second call of a webhook", lambda: Receiver.calls > 1)


def queries(directory):
    """Name and query of all: a panel's title, or an alert."""
    with open(os.path.join(directory, "dashboard.json"), encoding="utf-8") as file:
        panels = json.load(file)["panels"]
    for panel in panels:
        for target in panel.get("targets", []):
            yield panel["title"], target["expr"].replace("$__rate_interval", "5m").replace("$pool", ".*")
    with open(os.path.join(directory, "alerts.yaml"), encoding="utf-8") as file:
        groups = yaml.safe_load(file)["groups"]
    for rule in (rule for group in groups for rule in group["rules"]):
        # What is compared must be there; whether it is more or less is seen by whether it fires.
        yield rule["alert"], re.sub(r" (>|<|==) ", r" \1 bool ", rule["expr"])


def problems(prometheus, directory):
    asked = 0
    for name, query in queries(directory):
        asked += 1
        if "$" in query:
            yield f"{name}: what is the variable in {query}?"
            continue
        found = prometheus.ask(query)
        if found and name in FINDS_NOTHING:
            yield f"{name} finds something though {FINDS_NOTHING[name]}: take it off the list in queries.py"
        if not found and name not in FINDS_NOTHING:
            yield f"{name} finds nothing: {query}"
    yield from (f"{alert} fires" for alert in prometheus.firing() - PROVOKED)
    yield from (f"{alert} does not fire" for alert in PROVOKED - prometheus.firing())
    print(f"queries: {asked} were asked of a Prometheus that has watched a fleet")


def main():
    config, directory = sys.argv[1:]
    receiver = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as temporary:
        prometheus = Prometheus(config, os.path.join(directory, "alerts.yaml"), temporary)
        try:
            until("Prometheus asking gateway and worker", prometheus.watches)
            work(os.environ["GATEWAY"], os.environ["KAFKA"], f"http://127.0.0.1:{receiver.server_port}/")
            # Two scrapes more, so that what has changed is seen, and seen to stay.
            time.sleep(3)
            found = list(problems(prometheus, directory))
        finally:
            prometheus.close()
    print("\n".join(found), file=sys.stderr)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
