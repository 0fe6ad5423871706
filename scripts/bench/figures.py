"""The parts of scripts/bench/run: hbar and the Python side in turn, medians [least, most] and their ratio.

Each part gives rows (what, the other's values, hbar's values); a row without the other stands alone. Values are seconds,
milliseconds, bytes or rates, as the row says.
"""
import argparse
import dataclasses
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

from pairs import machine, run

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
HBAR = str(ROOT / "scripts/hbar")
FROM = 5000  # the first record that is scored


@dataclasses.dataclass
class Row:
    what: str
    hbar: list
    other: list = dataclasses.field(default_factory=list)

    def ratio(self):
        return statistics.median(self.hbar) / statistics.median(self.other) if self.other else None

    def line(self):
        ratio = f"{self.ratio():.2f}" if self.other else "-"
        return f"| {self.what} | {spread(self.other)} | {spread(self.hbar)} | {ratio} |"


def number(value):
    return f"{value:.4g}"


def spread(values):
    if not values:
        return "-"
    middle = number(statistics.median(values))
    return middle if len(values) == 1 else f"{middle} [{number(min(values))}, {number(max(values))}]"


def tell(text):
    print(text, file=sys.stderr, flush=True)


def launched(ranks):
    """What comes before a command that so many ranks do; a rank alone has all cores, too."""
    return [str(ROOT / "scripts/launch"), "-n", str(ranks)] if ranks else []


class Bench:
    def __init__(self, options):
        self.place, self.model, self.data = options.place, options.model, options.data
        self.limit, self.rounds = options.limit, options.rounds
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="bench", dir=self.place))

    def python(self, name, *arguments):
        return run([sys.executable, str(HERE / f"{name}.py"), *map(str, arguments)], {"HF_HUB_OFFLINE": "1", "PYTHONDONTWRITEBYTECODE": "1"})

    def java(self, name, *arguments):
        """A class of dev.hbar.tests.bench, by the function of scripts/lib/bench.sh."""
        script = f'. "{ROOT}/scripts/lib/project.sh"; . "{ROOT}/scripts/lib/bench.sh"; find_bench_classes; bench_java "$@"'
        return run(["bash", "-c", script, "bench", name, *map(str, arguments)])

    def hbar(self, *arguments, ranks=0):
        """Wall seconds of the whole process, and the most memory that it held, in bytes."""
        start = time.perf_counter()
        started = subprocess.Popen([*launched(ranks), HBAR, *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(started.pid, 0)
        seconds = time.perf_counter() - start
        if status:
            sys.exit(f"hbar {' '.join(map(str, arguments))} ended with {os.waitstatus_to_exitcode(status)}")
        return seconds, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)

    def records(self, task):
        return self.data / f"dataset_halueval_{task}.jsonl"

    def scored(self, task, limit, *more, ranks=0):
        """Wall seconds a sample, start and loading included, and the most memory."""
        out = self.scratch / "scores.jsonl"
        out.unlink(missing_ok=True)
        seconds, most = self.hbar("score", self.model, "--data", self.records(task), "--task", task, "--skip", FROM, "--limit", limit,
                                  "--out", out, *more, ranks=ranks)
        return seconds / (2 * limit), most

    def benched(self, *options):
        return run([HBAR, "bench", str(self.model), "--json", "--trials", "1", *map(str, options)])


def host(bench):
    """Host time of a decode step at the exact shapes of models that people run; nothing is evaluated."""
    from host_shapes import SHAPES, make
    for name in SHAPES:
        folder = bench.place / "shapes" / name
        if not (folder / "config.json").exists():
            make(name, folder)
        ours, theirs = [], []
        for _ in range(max(1, bench.rounds // 2)):
            theirs.append(bench.python("host_step", folder)["step_ms"])
            ours.append(bench.java("HostStep", folder))
        for kind, field in (("", "step_ms"), (", every signal", "monitored_step_ms"), (", float16", "float16_step_ms"),
                            (", float16, every signal", "float16_monitored_step_ms")):
            yield Row(f"host time of a step, {name}{kind}, ms", [each[field] for each in ours], theirs)
        yield Row(f"Java heap of a step, {name}, bytes", [each["heap_bytes"] for each in ours])


def monitor(bench):
    """What the signals cost: the time of a step with them over that of one without, in turn."""
    for level in ("final", "full"):
        ratios = [bench.benched("--monitor", level, "--prompt-tokens", 128, "--new-tokens", 256)["signals"]["time_ratio"]
                  for _ in range(bench.rounds)]
        yield Row(f"decode with --monitor {level}, times the time of off", ratios)


def score(bench):
    """Seconds a sample; the other is torch/transformers without its loading, one sample after another."""
    for task, answers, limit in (("qa", "generated", bench.limit), ("qa", "given", bench.limit),
                                 ("summarization", "generated", max(1, bench.limit // 5))):
        ours, theirs = [], []
        for _ in range(max(1, bench.rounds // 2)):
            ours.append(bench.scored(task, limit, "--answers", answers)[0])
            theirs.append(bench.python("reference_score", bench.model, bench.records(task), "--task", task, "--skip", FROM, "--limit", limit,
                                       "--answers", answers)["seconds_per_sample"])
        yield Row(f"scoring {task}, {answers} answers, {2 * limit} samples, s a sample", ours, theirs)


def study(bench):
    """The study's own algorithm: the full text for every token, one sample at a time, in mlx-lm."""
    ours = [bench.scored("qa", bench.limit)[0]]
    for kind, more in (("as published", ()), ("float32", ("--float32",))):
        theirs = bench.python("study_score", bench.model, bench.records("qa"), "--skip", FROM, "--limit", 1, *more)
        yield Row(f"scoring qa against the study's algorithm, weights {kind}, s a sample", ours, [theirs["seconds_per_sample"]])


def load(bench):
    ours, theirs = [], []
    file = bench.model / "model.safetensors"
    for _ in range(bench.rounds):
        theirs.append(bench.python("load_speed", file)["gb_per_s"])
        ours.append(bench.java("LoadSpeed", file)["gb_per_s"])
    yield Row("loading safetensors, GB/s", ours, theirs)


def start(bench):
    seconds = [bench.hbar("--help")[0] for _ in range(2 * bench.rounds + 1)][1:]
    yield Row("hbar --help, s", seconds)
    first = [bench.hbar("generate", bench.model, "--prompt", "The capital of France is", "--max-tokens", 1)[0] for _ in range(bench.rounds + 1)]
    yield Row("first token after the start of the process, s", first[1:])


def memory(bench):
    weights = sum(file.stat().st_size for file in bench.model.glob("*.safetensors"))
    yield Row("weights on disk, bytes", [weights])
    yield Row("one token of 37, most memory of the process, bytes",
              [bench.hbar("generate", bench.model, "--prompt", "The capital of France is " * 7, "--max-tokens", 1)[1]])
    yield Row("scoring qa, 40 samples, most memory of the process, bytes", [bench.scored("qa", 20)[1]])


def growth(bench):
    """Against length, batch and number of samples."""
    for length in (128, 256, 512, 1024, 2048, 4096, 8000):
        once = bench.benched("--prompt-tokens", length, "--new-tokens", 48)
        yield Row(f"prefill of {length} tokens, tokens/s", [once["prompt_tps"]])
        yield Row(f"decode behind {length} tokens, tokens/s", [once["generation_tps"]])
        yield Row(f"most memory of the process with {length} tokens, GB", [once["peak_memory"]])
    for batch in (1, 2, 4, 8, 16, 32):
        yield Row(f"scoring qa, batches of {batch}, s a sample", [bench.scored("qa", 16, "--batch", batch)[0]])
    for samples in (100, 1000, 10000, 100000):
        file = bench.scratch / f"{samples}.jsonl"
        synthetic(file, samples)
        yield Row(f"summary of {samples} samples, s", [bench.hbar("summary", file)[0]])


def serve(bench):
    """Clients at once, against mlx-lm's server."""
    from serve_clients import serving, together
    tokens = 24
    model = str(bench.model)
    measured = {}
    for name, command in (("hbar", [HBAR, "serve", model, "--port", "{port}"]),
                          ("mlx-lm", [sys.executable, "-m", "mlx_lm.server", "--model", model, "--port", "{port}"])):
        with serving(command) as address:
            asked = bench.model.name if name == "hbar" else model
            together(address, asked, 1, 4)
            measured[name] = {clients: together(address, asked, clients, tokens) for clients in (1, 4, 8, 16)}
    for clients, (rate, first) in measured["hbar"].items():
        other, later = measured["mlx-lm"][clients]
        yield Row(f"server, {clients} clients, tokens/s together", [rate], [other])
        yield Row(f"server, {clients} clients, s to the first token", first, later)


def ranks(bench):
    """Ranks on this machine, which share its cores; the other is one rank. Samples first, then one model in the shape of a 3B one."""
    from host_shapes import make
    model = bench.place / "ranks"
    if not (model / "tokenizer.json").exists():
        make("Llama-3.2-3B", model)
        (model / "tokenizer.json").write_bytes((bench.model / "tokenizer.json").read_bytes())
    seconds, decoded = ({size: [] for size in (1, 2, 4)} for _ in range(2))
    for _ in range(max(1, bench.rounds // 2)):
        for size in seconds:
            seconds[size].append(bench.scored("qa", 2 * bench.limit, "--batch", 8, ranks=size)[0])
            decoded[size].append(spread_over(size, model))
    for size in (2, 4):
        yield Row(f"scoring qa, {4 * bench.limit} samples in groups of 8, {size} ranks, s a sample", seconds[size], seconds[1])
    for size in (2, 4):
        yield Row(f"decode of a 3B shape over {size} ranks, tokens/s", [one["rate"] for one in decoded[size]], [one["rate"] for one in decoded[1]])
        yield Row(f"all ranks' bytes on the wire for a token, {size} ranks", [one["bytes"] for one in decoded[size]])


def spread_over(size, model):
    """tokens/s of `generate`, and what went over the loopback for each token that was read or written."""
    command = [HBAR, "generate", str(model), "--prompt", "Once upon a time", "--max-tokens", "24", *(["--parallel", "tensor"] if size > 1 else [])]
    before = loopback()
    ended = subprocess.run([*launched(size), *command], capture_output=True, text=True)
    if ended.returncode:
        sys.exit(f"{' '.join(command)} ended with {ended.returncode}: {ended.stderr}")
    count = sum(int(re.search(rf"(\d+) {kind}tokens", ended.stderr)[1]) for kind in ("prompt ", ""))
    return {"rate": float(re.search(r"([\d.]+) tokens/s", ended.stderr)[1]), "bytes": (loopback() - before) / count}


def loopback():
    """Bytes that came in there so far, those of other programs too."""
    system = pathlib.Path("/proc/net/dev")
    if system.exists():
        return int(re.search(r"\blo: *(\d+)", system.read_text())[1])
    lines = subprocess.run(["netstat", "-ibn", "-I", "lo0"], capture_output=True, text=True).stdout.splitlines()
    return int(lines[1].split()[lines[0].split().index("Ibytes") - len(lines[0].split()) + len(lines[1].split())])


SYNTHETIC = ["hbar", "pri", "surprise", "dmu", "dsigma", "dh"]


def synthetic(file, samples):
    """A score file of that many samples of qa, two of each record."""
    import random
    draw = random.Random(42)
    header = {"header": {"checkpoint": "synthetic", "checkpoint_sha256": "0" * 64, "data_sha256": {"qa": "0" * 64}, "protocol": "halueval-judgement",
                         "selection": {"task": "qa", "skip": 0, "records": samples // 2},
                         "settings": {"max_tokens": 20, "alpha": 0.1, "per_token": False, "group_size": 16, "compute": "synthetic",
                                      "signals": SYNTHETIC}, "versions": {}}}
    with file.open("w") as out:
        out.write(json.dumps(header) + "\n")
        for sample in range(samples):
            label = sample % 2
            row = {"id": f"qa_{sample // 2}_{'hal' if label else 'cor'}", "label": label, "status": "ok", "prompt_tokens": 160, "answer_tokens": 9,
                   "new_tokens": 9, "stop": "eos"}
            row |= {name: round(draw.gauss(1 + 0.1 * label, 0.3), 6) for name in SYNTHETIC}
            out.write(json.dumps(row) + "\n")


PARTS = {part.__name__: part for part in (host, load, score, study, monitor, start, memory, growth, serve, ranks)}


def main():
    parser = argparse.ArgumentParser()
    for name in ("--place", "--model", "--data", "--out"):
        parser.add_argument(name, type=pathlib.Path, required=True)
    parser.add_argument("--limit", type=int, required=True)
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("parts", nargs="+", choices=PARTS)
    options = parser.parse_args()
    bench = Bench(options)
    result = machine() | {"model": options.model.name, "rows": []}
    print(f"{options.model.name}, {result['processor']}, {result['cores']} cores, commit {result['commit']}\n")
    print("| what | the other | hbar | ratio |\n|---|---|---|---|")
    for part in options.parts:
        tell(f"{part} ...")
        for row in PARTS[part](bench):
            print(row.line(), flush=True)
            result["rows"].append({"part": part, "what": row.what, "other": row.other, "hbar": row.hbar, "ratio": row.ratio()})
            options.out.write_text(json.dumps(result, indent=1) + "\n")
    tell(f"written: {options.out}")


if __name__ == "__main__":
    main()
