#!/usr/bin/env python3
"""Prints the figures of the house: how many pieces there are, how large, and what hangs together with what.

usage: scripts/house.py [TREE] [--list]    TREE: a checkout (default: this one); --list names what is counted
Of hand-written main sources: files and lines of a module, classes that hold only static members, packages in a circle,
public types that only their own package uses, files outside `signal` that spell a signal's name.
"""

import collections
import pathlib
import re
import sys

COMMENT = re.compile(r'"(?:\\.|[^"\\\n])*+"|/\*[\s\S]*?\*/|//[^\n]*')
# The program's own name, in formats, paths and on the command line, is no signal; nor is a perplexity, whose logarithm is one.
PROGRAM = re.compile(
    r'"(?:format|engine|owned_by)", "hbar"|\bname = "hbar"|(?:bash|\bname|appName|resolve)\("hbar"|put\("perplexity", Math\.exp'
)
SIGNALS = ("hbar", "pri", "surprise", "dmu", "dsigma", "dh", "perplexity", "entropy", "entropy_mean", "entropy_max")

MONITOR = "core, study, cli"
FRONTS = "serve, langchain4j, examples"


class Source:
    """One Java file, its comments left out."""

    def __init__(self, tree, path):
        raw = path.read_text()
        self.path = path.relative_to(tree)
        self.lines = raw.count("\n")
        self.code = COMMENT.sub(lambda m: m[0] if m[0].startswith('"') else " ", raw)
        package = re.search(r"^package ([\w.]+);", self.code, re.M)
        self.package = package[1] if package else ""
        self.type = path.stem
        parts = self.path.parts
        self.module = "/".join(parts[: parts.index("src")])

    @property
    def is_type(self):
        return self.type not in ("package-info", "module-info")

    @property
    def is_public(self):
        return re.search(r"^public ", self.code, re.M) is not None

    @property
    def is_static_only(self):
        """A class (no record, enum or interface) without a public way to make one and without instance methods."""
        if not re.search(rf"\bclass {self.type}\b", self.code):
            return False
        head = self.code[: self.code.index("{")]
        if " extends " in head or " implements " in head:
            return False
        members = re.findall(r"^  (?! )([^\n]*?)(?:\(|=|;)", self.code, re.M)
        named = [m for m in members if not re.match(r"(@|}|private " + self.type + r"$|return|throw)", m.strip())]
        return bool(named) and all(re.search(r"\bstatic\b|\brecord\b|\binterface\b|\benum\b", m) for m in named)

    def signature_names(self):
        """The types that its public members, its record's head or its interface's methods name."""
        flat = re.sub(r"\s+", " ", self.code)
        heads = re.findall(r"public [^;{=]*[;{=]|\brecord \w+[^{]*\{", flat)
        if re.search(rf"\binterface {self.type}\b", flat):
            heads += re.findall(r"(?:^|[;{}] )[^;{}=]*\)(?= ?[;{])", flat)
        return {name for head in heads for name in re.findall(r"\b[A-Z]\w*\b", head)}


def read(tree):
    return [
        Source(tree, path)
        for path in sorted(tree.glob("**/src/main/java/**/*.java"))
        if "target" not in path.parts
    ]


def circles(sources):
    uses = collections.defaultdict(set)
    for source in sources:
        for name in re.findall(r"\b(dev\.hbar(?:\.[a-z]\w*)+)\.[A-Z]", source.code):
            if name != source.package:
                uses[source.package].add(name)

    def reachable(start):
        seen, rest = set(), list(uses[start])
        while rest:
            name = rest.pop()
            if name not in seen:
                seen.add(name)
                rest += uses[name]
        return seen

    return sorted(name for name in list(uses) if name in reachable(name))


def lonely(sources, everything):
    """Public types that no other package uses. Left out are programs' entry points, exceptions, which callers catch by
    their root, and what a public type of the same package takes, returns or consists of."""
    users = collections.defaultdict(set)
    for source in everything:
        for name in set(re.findall(r"\b[A-Z]\w*\b", source.code)):
            users[name].add(source.package)
    spoken = collections.defaultdict(set)
    for source in sources:
        if source.is_public:
            spoken[source.package].update(name for name in source.signature_names() if name != source.type)
    return [
        s for s in sources
        if s.is_type and s.is_public and not (users[s.type] - {s.package}) and " main(String" not in s.code
        and not s.type.endswith("Exception") and s.type not in spoken[s.package]
    ]


def group(source):
    """Where a file is counted: a module, or in monitor the parts that were one module once and those that came later."""
    parts = source.module.split("/")
    if parts[0] != "monitor":
        return parts[0]
    return FRONTS if parts[-1] in ("serve", "langchain4j", "examples") else MONITOR


def report(tree, listing):
    everything = read(tree)
    tests = [
        Source(tree, path)
        for path in sorted(tree.glob("**/src/test/java/**/*.java"))
        if "target" not in path.parts
    ]
    rows = []
    for name in ("mlx-bindings", "adapters", MONITOR, FRONTS):
        own = [s for s in everything if group(s) == name and s.is_type]
        if not own:
            continue
        sizes = sorted(s.lines for s in own)
        classes = [s for s in own if re.search(rf"\bclass {s.type}\b", s.code)]
        static = [s for s in own if s.is_static_only]
        spelt = [
            s for s in own
            if not s.package.endswith(".signal") and any(f'"{signal}"' in PROGRAM.sub("", s.code) for signal in SIGNALS)
        ]
        rows.append((f"{name}: files", len(own), own[:0]))
        rows.append((f"{name}: lines, median and longest file", f"{sum(sizes)}, {sizes[len(sizes) // 2]} and {sizes[-1]}", []))
        rows.append((f"{name}: of its types, static-only", f"{100 * len(static) / len(own):.0f} % ({len(static)})", static))
        rows.append((f"{name}: files under 25 lines", f"{100 * sum(n < 25 for n in sizes) / len(own):.0f} %", []))
        if name != "mlx-bindings":  # its exported package is for others
            alone = lonely(own, everything + tests)
            rows.append((f"{name}: public types that only their package uses", len(alone), alone))
        if name in (MONITOR, FRONTS):
            rows.append((f"{name}: files outside signal that spell a signal", len(spelt), spelt))
    ring = circles(everything)
    rows.append(("packages in a circle", len(ring), ring))
    for label, value, items in rows:
        print(f"{label:60} {value}")
        if listing:
            for item in items:
                print("   ", item if isinstance(item, str) else item.path)


if __name__ == "__main__":
    arguments = [a for a in sys.argv[1:] if a != "--list"]
    if any(a.startswith("-") for a in arguments) or len(arguments) > 1:
        sys.exit(__doc__)
    root = pathlib.Path(arguments[0] if arguments else pathlib.Path(__file__).parents[1]).resolve()
    report(root, "--list" in sys.argv)
