"""Checks what promtool does not: each alert has an entry in the page of runbooks that its runbook_url leads to, and each entry its
alert; and the tests of each let it fire and let it be silent.

usage: alerts.py RULES TESTS
       from the repository's root, where pom.xml has the address that the runbook_urls begin with
"""

import pathlib
import re
import sys

import yaml


def problems(rules, tests, page, repository):
    alerts = {rule["alert"]: rule for group in rules["groups"] for rule in group["rules"]}
    entries = set(re.findall(r"^### (Text2Video\w+)$", page, re.MULTILINE))
    yield from (f"{alert} has no entry in the page" for alert in alerts.keys() - entries)
    yield from (f"the page has an entry for {entry}, which is no alert" for entry in entries - alerts.keys())
    for alert, rule in alerts.items():
        runbook = f"{repository}/blob/main/docs/operations.md#{alert.lower()}"
        if rule["annotations"]["runbook_url"] != runbook:
            yield f"{alert}: its runbook_url is {rule['annotations']['runbook_url']}, not {runbook}"
    tried = [each for test in tests["tests"] for each in test.get("alert_rule_test", [])]
    for alert in alerts:
        for fires, name in ((True, "fires"), (False, "is silent")):
            if not any(each["alertname"] == alert and bool(each.get("exp_alerts")) == fires for each in tried):
                yield f"{alert}: no test in which it {name}"


def main():
    rules, tests = map(pathlib.Path, sys.argv[1:])
    page = pathlib.Path("docs/operations.md")
    repository = re.search("<text2video.url>(.*)</text2video.url>", pathlib.Path("pom.xml").read_text("utf-8"))[1]
    found = sorted(
        problems(
            yaml.safe_load(rules.read_text("utf-8")), yaml.safe_load(tests.read_text("utf-8")), page.read_text("utf-8"), repository
        )
    )
    print("\n".join(found) or "runbooks: an entry for each alert")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
