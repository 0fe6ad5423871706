"""Reads the bugs, puts each into a copy of its class, runs the named test; started by scripts/attack/seeded-bugs."""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

MODULES = ["tests", "monitor/cli", "monitor/serve", "monitor/study", "monitor/core", "adapters", "mlx-bindings"]
MODULES += ["monitor/langchain4j", "monitor/examples"]
SECONDS = 300
FAILED_TEST = re.compile(r"methodName = '(\w+)'")


class Stale(Exception):
    """A bug does not fit the sources."""


@dataclass
class Bug:
    """One change of one file, and the test class that must notice it."""

    name: str
    native: bool
    says: str
    file: str
    test: str
    before: str
    after: str

    def applied(self, root):
        """The text of the file with the bug in it."""
        path = root / self.file
        if not path.is_file():
            raise Stale(f"{self.name}: there is no file {self.file}")
        text = path.read_text(encoding="utf-8")
        if text.count(self.before) != 1:
            raise Stale(f"{self.name}: its text is {text.count(self.before)} times in {self.file}, must be once")
        return text.replace(self.before, self.after)


def bugs_of(file):
    """The bugs of one list; see scripts/attack/bugs/README.md for its form."""
    found = []
    for part in file.read_text(encoding="utf-8").split("\n=== ")[1:]:
        head, _, rest = part.partition("\n--- before\n")
        before, _, after = rest.partition("\n--- after\n")
        name, *lines = head.splitlines()
        fields = dict(line.split(": ", 1) for line in lines if line)
        after = after.rstrip("\n")
        if set(fields) != {"says", "file", "test"} or not before or before == after:
            raise Stale(f"{file.name}: {name} lacks a field or a text")
        native = file.stem.startswith("native")
        found.append(Bug(name, native, fields["says"], fields["file"], fields["test"], before, after))
    return found


class Bench:
    """Compiles and runs with what Maven has built."""

    def __init__(self, root, jdk, console):
        self.root, self.jdk, self.console = root, jdk, console
        libraries = root / "monitor/cli/target/lib"
        own = re.compile(r"(mlx-bindings|adapters|monitor-\w+)-[\d.]+\.jar")
        jars = [str(jar) for jar in sorted(libraries.glob("*.jar")) if not own.fullmatch(jar.name)]
        if not jars:
            raise Stale("the project is not built: run mvn package -DskipTests")
        folders = [str(root / module / "target" / kind) for module in MODULES for kind in ("test-classes", "classes")]
        self.path = folders + jars

    def compile(self, bug, folder):
        """None, or what the compiler says against it."""
        source = folder / "src" / Path(bug.file).name
        source.parent.mkdir()
        source.write_text(bug.applied(self.root), encoding="utf-8")
        command = [f"{self.jdk}/bin/javac", "-nowarn", "-proc:none", "-d", str(folder), "-cp", os.pathsep.join(self.path)]
        done = subprocess.run([*command, str(source)], capture_output=True, text=True)
        return None if done.returncode == 0 else done.stderr

    def test(self, classes, patched):
        """Exit code and output of these test classes."""
        own = [module for module in MODULES if (self.root / module / "src/test/java" / source_of(classes[0])).is_file()]
        if not own:
            raise Stale(f"there is no test class {classes[0]}")
        # Test resources of the same name: those of the class's own module come first.
        first = str(self.root / own[0] / "target/test-classes")
        path = os.pathsep.join([*patched, first, *self.path])
        command = [f"{self.jdk}/bin/java", "--enable-native-access=ALL-UNNAMED", "-Xmx1g", "-XX:-CreateCoredumpOnCrash"]
        command += ["-XX:TieredStopAtLevel=1", f"-Dhbar.root={self.root}", "-Dhbar.native.required=true"]
        command += ["-Dhbar.mlx.traces=true", "-jar", self.console, "execute", "--details=summary", "--disable-banner", "--fail-if-no-tests"]
        command += ["-cp", path, *(f"--select-class={each}" for each in classes)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, cwd=self.root / own[0])
        except subprocess.TimeoutExpired:
            return -1, ""
        return done.returncode, done.stdout + done.stderr


def source_of(test):
    """The file of a class."""
    return test.replace(".", "/") + ".java"


def verdict(bench, bug):
    """Puts the bug in and says what the test says."""
    started = time.time()
    with tempfile.TemporaryDirectory(prefix="hbar-bug.") as name:
        refused = bench.compile(bug, Path(name))
        if refused:
            raise Stale(f"{bug.name} does not compile: {refused}")
        code, output = bench.test([bug.test], [name])
    failed = sorted(set(FAILED_TEST.findall(output)))
    seconds = round(time.time() - started, 1)
    result = {"name": bug.name, "native": bug.native, "says": bug.says, "file": bug.file, "test": bug.test}
    return result | {"noticed": code == 1 and bool(failed), "by": failed, "exit": code, "seconds": seconds}


def require_passing(bench, bugs):
    """A test that fails by itself notices nothing."""
    for test in sorted({bug.test for bug in bugs}):
        code, output = bench.test([test], [])
        if code != 0:
            raise Stale(f"{test} fails without any bug (exit {code}):\n{output[-3000:]}")


def arguments():
    """As scripts/attack/seeded-bugs --help says."""
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=Path)
    parser.add_argument("jdk")
    parser.add_argument("console")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--json", type=Path)
    parser.add_argument("names", nargs="*")
    return parser.parse_intermixed_args()


def chosen(root, names):
    """The bugs of these names, all of them if there are none."""
    bugs = [bug for file in sorted((root / "scripts/attack/bugs").glob("*.txt")) for bug in bugs_of(file)]
    known = {bug.name for bug in bugs}
    if len(known) < len(bugs):
        raise Stale("two bugs have one name")
    if unknown := set(names) - known:
        raise Stale(f"there is no bug {sorted(unknown)}")
    return [bug for bug in bugs if not names or bug.name in names]


def run(options):
    """The exit code."""
    bugs = chosen(options.root, options.names)
    for bug in bugs:
        bug.applied(options.root)
        if not any((options.root / module / "src/test/java" / source_of(bug.test)).is_file() for module in MODULES):
            raise Stale(f"{bug.name}: there is no test class {bug.test}")
    native = sum(bug.native for bug in bugs)
    if options.check:
        print(f"{len(bugs)} bugs, {native} of them in code that calls MLX: every text fits its source")
        return 0
    bench = Bench(options.root, options.jdk, options.console)
    require_passing(bench, bugs)
    results = []
    for bug in bugs:
        result = verdict(bench, bug)
        results.append(result)
        says = "noticed" if result["noticed"] else "UNNOTICED"
        by = f"{bug.test.rsplit('.', 1)[-1]}: {', '.join(result['by'][:2])}"
        print(f"{says:9} {bug.name:44} {result['seconds']:5} s  {by}", flush=True)
    noticed = sum(result["noticed"] for result in results)
    print(f"{noticed} of {len(results)} noticed; {native} of them in code that calls MLX")
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return 0 if noticed == len(results) else 1


if __name__ == "__main__":
    try:
        sys.exit(run(arguments()))
    except Stale as stale:
        print(f"seeded-bugs: {stale}", file=sys.stderr)
        sys.exit(1)
