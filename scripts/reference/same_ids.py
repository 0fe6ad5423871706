"""Whether two score files hold the same greedy ids, sample by sample. Prints one line; exit code 3 where they part.

    python same_ids.py NAME REFERENCE.jsonl SCORES.jsonl

REFERENCE is what scripts/bench/reference_score.py --out wrote, with the gap between the two largest logits of every step;
SCORES is of hbar score --per-token. Where the gap is under 1e-3, float32 sums in another order may decide: such a place
is counted, and the rest of that sample is not compared.
"""
import json
import pathlib
import sys

TIE = 1e-3


def samples(path):
    lines = map(json.loads, pathlib.Path(path).read_text().splitlines())
    return {line["id"]: line["tokens"] for line in lines if "id" in line}


def main(name, reference, scores):
    expected, actual = samples(reference), samples(scores)
    if expected.keys() != actual.keys():
        raise SystemExit(f"same_ids: {name}: other samples: {sorted(expected.keys() ^ actual.keys())}")
    same = ties = 0
    worst, apart = 0.0, []
    for sample, steps in expected.items():
        ours = actual[sample]
        for i, step in enumerate(steps):
            if i >= len(ours) or ours[i]["token"] != step["token"]:
                if i < len(ours) and step["gap"] < TIE:
                    ties += 1
                else:
                    apart.append(f"{sample} step {i}")
                break
            same += 1
            worst = max(worst, abs(ours[i]["hbar"] / step["hbar"] - 1), abs(ours[i]["pri"] / step["pri"] - 1))
    print(f"{name}: {len(expected)} prompts, {same} ids the same, {ties} ties, signals within {worst:.1e}"
          + (f"; APART: {', '.join(apart)}" if apart else ""))
    return 3 if apart else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
