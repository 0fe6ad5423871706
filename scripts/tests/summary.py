"""Prints what was tested, failed and skipped, with reasons; fails on a failure or on a skip that is not allowed.

usage: summary.py PROJECT SCRIPT_RESULTS [ALLOWED_SKIPS]
Reads each module's Surefire reports, and the lines of the script tests: `ok NAME`, `not ok NAME: why`, `skip NAME: why`.
"""

import pathlib
import re
import sys
import xml.etree.ElementTree as xml


def java_results(project):
    """Yields (name, state, reason) of each test case in the reports."""
    for report in sorted([*project.glob("*/target/surefire-reports/TEST-*.xml"), *project.glob("*/*/target/surefire-reports/TEST-*.xml")]):
        for case in xml.parse(report).getroot().iter("testcase"):
            name = case.get("classname").split(".")[-1] + "#" + case.get("name")
            bad = case.find("failure") if case.find("failure") is not None else case.find("error")
            skipped = case.find("skipped")
            if bad is not None:
                yield name, "failed", bad.get("message") or bad.get("type") or ""
            elif skipped is not None:
                yield name, "skipped", skipped.get("message") or "no reason given"
            else:
                yield name, "passed", ""


def modules_without_results(project):
    """The modules that have tests and no report: Maven leaves out what comes after a failing module."""
    sources = [*project.glob("*/src/test/java"), *project.glob("*/*/src/test/java")]
    modules = {str(path.parents[2].relative_to(project)) for path in sources if any(path.glob("**/*Test.java"))}
    return sorted(m for m in modules if not any(project.glob(f"{m}/target/surefire-reports/TEST-*.xml")))


def script_results(file):
    states = {"ok": "passed", "not ok": "failed", "skip": "skipped"}
    for line in file.read_text().splitlines():
        match = re.fullmatch(r"(ok|not ok|skip) ([^:]+)(?:: (.*))?", line)
        if match:
            yield "scripts/" + match[2], states[match[1]], match[3] or ""


def allowed_skips(table):
    rows = re.findall(r"^\| *([\w/#$.()-]+) *\| *(.+?) *\|$", table.read_text(), re.MULTILINE)
    return {name for name, _ in rows}


def is_allowed(name, allowed):
    return name in allowed or re.sub(r"[({\[].*", "", name) in allowed or name.split("#")[0] in allowed


def main(project, scripts, allowed):
    results = list(java_results(project)) + list(script_results(scripts))
    allowed = allowed_skips(allowed)
    bad = []
    for name, state, reason in results:
        reason = " ".join(reason.split())[:200]
        if state == "failed":
            bad.append(name)
            print(f"FAILED   {name}: {reason}")
        elif state == "skipped":
            if not is_allowed(name, allowed):
                bad.append(name)
                reason += "  <- NOT ALLOWED: make it run, or give the reason in tests/SKIPS.md"
            print(f"skipped  {name}: {reason}")
    count = {s: sum(r[1] == s for r in results) for s in ("passed", "failed", "skipped")}
    for module in modules_without_results(project):
        bad.append(module)
        print(f"FAILED   {module}: none of its tests ran")
    print(f"{count['passed']} passed, {count['failed']} failed, {count['skipped']} skipped")
    return 1 if bad else 0


if __name__ == "__main__":
    root = pathlib.Path(sys.argv[1])
    table = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else root / "tests/SKIPS.md"
    sys.exit(main(root, pathlib.Path(sys.argv[2]), table))
