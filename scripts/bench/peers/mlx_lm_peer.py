"""mlx-lm on the checkpoint as it is: python mlx_lm_peer.py CHECKPOINT IDS.json NEW_TOKENS"""
import json
import sys
import time

import mlx.core as mx
from mlx_lm.generate import stream_generate
from mlx_lm.utils import load


def main():
    checkpoint, ids, new_tokens = sys.argv[1], json.load(open(sys.argv[2])), int(sys.argv[3])
    start = time.perf_counter()
    model, tokenizer = load(checkpoint)
    mx.eval(model.parameters())
    loaded = time.perf_counter() - start
    tokenizer._eos_token_ids = {}  # as in its own benchmark: an end token does not end it
    for _ in range(2):
        for response in stream_generate(model, tokenizer, ids, max_tokens=new_tokens):
            pass
    print(json.dumps({"prompt_tps": response.prompt_tps, "generation_tps": response.generation_tps, "load_s": loaded}))


main()
