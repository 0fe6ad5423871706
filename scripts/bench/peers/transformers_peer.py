"""transformers in float32 on the unpacked numbers, with its cache: python transformers_peer.py CHECKPOINT IDS.json NEW_TOKENS"""
import json
import pathlib
import sys
import time

import torch

SCRIPTS = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(SCRIPTS / "reference"), str(SCRIPTS / "fixtures")]
from torch_engine import model_of  # noqa: E402


@torch.no_grad()
def generate(model, ids, count):
    """(seconds to the first token, seconds for the others)"""
    start = time.perf_counter()
    answer = model(torch.tensor([ids]), use_cache=True, logits_to_keep=1)
    token = answer.logits[:, -1:].argmax(-1)
    int(token)
    first = time.perf_counter()
    for _ in range(count - 1):
        answer = model(token, past_key_values=answer.past_key_values, use_cache=True)
        token = answer.logits[:, -1:].argmax(-1)
        int(token)
    return first - start, time.perf_counter() - first


def main():
    ids, count = json.load(open(sys.argv[2])), int(sys.argv[3])
    start = time.perf_counter()
    model = model_of(pathlib.Path(sys.argv[1]), attention="sdpa")
    loaded = time.perf_counter() - start
    generate(model, ids, count)
    prompt, rest = generate(model, ids, count)
    print(json.dumps({"prompt_tps": len(ids) / prompt, "generation_tps": (count - 1) / rest if count > 1 else None, "load_s": loaded}))


main()
