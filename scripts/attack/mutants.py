"""Counts what PIT reports of a package and lists what survived; started by scripts/attack/mutants."""

import collections
import sys
import xml.etree.ElementTree as tree

LEAST = 0.85
NOTICED = ("KILLED", "TIMED_OUT", "MEMORY_ERROR")  # RUN_ERROR: the run itself broke, such as by a build beside it


def main(name, report, out):
    """The exit code."""
    mutants = tree.parse(report).getroot().findall("mutation")
    statuses = collections.Counter(mutant.get("status") for mutant in mutants)
    noticed = sum(statuses[status] for status in NOTICED)
    share = noticed / len(mutants) if mutants else 0
    with open(out, "w", encoding="utf-8") as file:
        print(f"{name}: {noticed} of {len(mutants)} noticed, {100 * share:.1f} %; {dict(statuses)}", file=file)
        for mutant in mutants:
            if mutant.get("status") not in NOTICED:
                found = {each: mutant.findtext(each) for each in ("mutatedClass", "mutatedMethod", "lineNumber", "description")}
                where = f"{found['mutatedClass'].rsplit('.', 1)[-1]}.{found['mutatedMethod']}:{found['lineNumber']}"
                print(f"{mutant.get('status'):11} {where} {found['description']}", file=file)
    print(f"{name:12} {noticed:5} of {len(mutants):5} noticed  {100 * share:5.1f} %")
    return 0 if share >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
