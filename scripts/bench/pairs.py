"""hbar and a peer in turn: medians, spread and ratio. Called by scripts/bench/against.

Each run is a process of its own that prints one JSON object with the fields of mlx-lm's benchmark: prompt_tps, generation_tps,
peak_memory (GB of the process at its highest, measured here), load_s.
"""
import argparse
import importlib.metadata
import json
import os
import pathlib
import platform
import random
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FIELDS = ("prompt_tps", "generation_tps", "load_s", "peak_memory")


def run(command, environment=None):
    """The JSON object that the command prints last, and the most memory that it held, in GB."""
    started = subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ | (environment or {}), text=True)
    out = started.stdout.read()
    _, status, usage = os.wait4(started.pid, 0)
    if status:
        sys.exit(f"{command[0]} ended with {os.waitstatus_to_exitcode(status)}")
    unit = 1 if sys.platform == "darwin" else 1024
    return json.loads(out[out.index("{"):]) | {"peak_memory": usage.ru_maxrss * unit / 1e9}


def hbar(options):
    command = [str(ROOT / "scripts/hbar"), "bench", str(options.checkpoint), "--json", "--trials", "1",
               "--prompt-tokens", str(options.prompt_tokens), "--new-tokens", str(options.new_tokens)]
    printed = run(command)
    return {"prompt_tps": printed["prompt_tps"], "generation_tps": printed["generation_tps"],
            "load_s": printed["load_seconds"], "peak_memory": printed["peak_memory"]}


def peer(options, ids_file, model):
    if options.peer == "llama.cpp":
        # Run where its packages are.
        script = options.place / "node" / "llama_cpp.mjs"
        script.write_text((HERE / "peers/llama_cpp.mjs").read_text())
        command = ["node", str(script)]
    else:
        command = [sys.executable, str(HERE / "peers" / f"{options.peer.replace('-', '_')}_peer.py")]
    return run([*command, str(model), str(ids_file), str(options.new_tokens)], {"HF_HUB_OFFLINE": "1", "PYTHONDONTWRITEBYTECODE": "1"})


def machine():
    model = platform.processor() or platform.machine()
    cpuinfo = pathlib.Path("/proc/cpuinfo")
    if cpuinfo.exists():
        model = next((line.split(":")[1].strip() for line in cpuinfo.read_text().splitlines() if line.startswith("model name")), model)
    elif sys.platform == "darwin":
        model = subprocess.run(["sysctl", "-n", "machdep.cpu.brand_string"], capture_output=True, text=True).stdout.strip()
    commit = subprocess.run(["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    return {"system": f"{platform.system()} {platform.machine()}", "processor": model, "cores": os.cpu_count(), "commit": commit,
            "date": time.strftime("%Y-%m-%d"), "packages": {each.metadata["Name"]: each.version for each in importlib.metadata.distributions()
                                                           if each.metadata["Name"] in ("mlx", "mlx-lm", "torch", "transformers", "gguf")}}


def spread(runs, field):
    values = [each[field] for each in runs if each.get(field) is not None]
    return {"median": statistics.median(values), "least": min(values), "most": max(values)} if values else None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("peer")
    parser.add_argument("checkpoint", type=pathlib.Path)
    for name in ("--prompt-tokens", "--new-tokens", "--pairs"):
        parser.add_argument(name, type=int, required=True)
    parser.add_argument("--place", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    options = parser.parse_args()

    vocabulary = json.loads((options.checkpoint / "config.json").read_text()).get("vocab_size", 32000)
    ids = random.Random(42).choices(range(vocabulary), k=options.prompt_tokens)
    ids_file = options.place / "ids.json"
    ids_file.write_text(json.dumps(ids))
    model = options.checkpoint
    if options.peer == "llama.cpp":
        sys.path.insert(0, str(HERE / "peers"))
        from gguf_of import converted
        model = converted(options.checkpoint, options.place)

    ours, theirs = [], []
    for pair in range(options.pairs):
        ours.append(hbar(options))
        theirs.append(peer(options, ids_file, model))
        print(f"pair {pair + 1} of {options.pairs}: prefill {ours[-1]['prompt_tps']:.1f} and {theirs[-1]['prompt_tps']:.1f}, "
              f"decode {ours[-1]['generation_tps']:.1f} and {theirs[-1]['generation_tps']:.1f} tokens/s", file=sys.stderr, flush=True)

    result = machine() | {"peer": options.peer, "checkpoint": options.checkpoint.name, "prompt_tokens": options.prompt_tokens,
                          "generation_tokens": options.new_tokens, "pairs": options.pairs}
    print(f"{options.checkpoint.name}, {options.prompt_tokens} prompt tokens, {options.new_tokens} new ones, {options.pairs} pairs, "
          f"{result['processor']}, {result['cores']} cores, commit {result['commit']}")
    print(f"{'':22}{'hbar':>24}{options.peer:>24}{'ratio':>8}")
    for field in FIELDS:
        mine, other = spread(ours, field), spread(theirs, field)
        result[field] = {"hbar": mine, options.peer: other}
        if mine and other:
            result[field]["ratio"] = mine["median"] / other["median"]
            cells = [f"{each['median']:.4g} [{each['least']:.4g}, {each['most']:.4g}]" for each in (mine, other)]
            print(f"{field:22}{cells[0]:>24}{cells[1]:>24}{result[field]['ratio']:8.2f}")
    options.out.write_text(json.dumps(result, indent=1) + "\n")
    print(f"written: {options.out}", file=sys.stderr)


if __name__ == "__main__":
    main()
