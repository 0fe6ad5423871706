"""Attacks and soaks a running server: python3 serve_soak.py URL PID [SECONDS] [REQUESTS]. Prints figures; exit 1 if one does not hold.

PID is the server's, whose memory, threads and descriptors are read in /proc where there is one.
"""
import concurrent.futures as futures
import http.client
import json
import os
import socket
import statistics
import sys
import threading
import time
from urllib.parse import urlparse

url, pid = urlparse(sys.argv[1]), sys.argv[2]
seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 600
requests = int(sys.argv[4]) if len(sys.argv) > 4 else 10_000
failed = []


def post(path, body, connection=None):
    c = connection or http.client.HTTPConnection(url.hostname, url.port, timeout=600)
    c.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
    r = c.getresponse()
    return r.status, r.read()


def chat(words, tokens, **more):
    return {"messages": [{"role": "user", "content": words}], "max_tokens": tokens, **more}


def events(body):
    """Time of every event that carries text."""
    c = http.client.HTTPConnection(url.hostname, url.port, timeout=600)
    c.request("POST", "/v1/chat/completions", json.dumps({**body, "stream": True}))
    r, times, begun = c.getresponse(), [], time.monotonic()
    whole = False
    for line in r:
        if line.startswith(b"data: {") and json.loads(line[6:])["choices"][0]["delta"].get("content"):
            times.append(time.monotonic() - begun)
        whole = whole or line.startswith(b"data: [DONE]")
    c.close()
    return times, whole


def process():
    if not os.path.isdir(f"/proc/{pid}"):
        return {}
    with open(f"/proc/{pid}/status") as f:
        status = dict(line.split(":", 1) for line in f)
    return {
        "resident MB": int(status["VmRSS"].split()[0]) // 1024,
        "threads": int(status["Threads"]),
        "descriptors": len(os.listdir(f"/proc/{pid}/fd")),
    }


def check(what, holds):
    print(("ok    " if holds else "FAILS ") + what, flush=True)
    if not holds:
        failed.append(what)


def figure(text):
    print("      " + text, flush=True)


def throughput():
    """Eight answers at once against the same eight one after the other."""
    bias = {"logit_bias": {"2": -100}}
    asks = [chat(f"Write about the number {i}.", 64, **bias) for i in range(8)]
    post("/v1/chat/completions", asks[0])
    begun = time.monotonic()
    alone = [json.loads(post("/v1/chat/completions", ask)[1]) for ask in asks]
    one = time.monotonic() - begun
    begun = time.monotonic()
    with futures.ThreadPoolExecutor(8) as pool:
        many = [json.loads(a[1]) for a in pool.map(lambda ask: post("/v1/chat/completions", ask), asks)]
    eight = time.monotonic() - begun
    same = sum(a["choices"][0]["message"] == b["choices"][0]["message"] for a, b in zip(alone, many))
    figure(f"8 answers of 64 tokens: {512 / one:.1f} tokens/s one by one, {512 / eight:.1f} together, ratio {one / eight:.2f}")
    check(f"greedy text in the batch is the text alone: {same} of 8", same == 8)


def fairness():
    """Time to the first token of a short prompt while a long one is read."""
    alone = statistics.median(events(chat(f"Hi {i}", 4))[0][0] for i in range(5))
    reading = threading.Thread(target=events, args=(chat("word " * 4000, 2),))
    reading.start()
    time.sleep(0.3)
    first = []
    while reading.is_alive() and len(first) < 20:
        first.append(events(chat(f"Hello {len(first)}", 4))[0][0])
    reading.join()
    figure(f"time to first token: {alone * 1000:.0f} ms alone, median {statistics.median(first) * 1000:.0f} ms and at most {max(first) * 1000:.0f} ms while 4,000 tokens are read ({len(first)} asked)")


def second_turn():
    text = "Remember this list. " + " ".join(f"item {i} is {i * 7 % 100}," for i in range(180))
    begun = time.monotonic()
    ask = chat(text, 16)
    first, _ = events(ask)
    said = json.loads(post("/v1/chat/completions", ask)[1])["choices"][0]["message"]["content"]
    turns = ask["messages"] + [{"role": "assistant", "content": said}, {"role": "user", "content": "And the last?"}]
    second, _ = events({"messages": turns, "max_tokens": 4})
    share = second[0] / first[0]
    figure(f"first turn starts after {first[0] * 1000:.0f} ms, second after {second[0] * 1000:.0f} ms")
    check(f"the second turn starts in {share:.1%} of the first's time, at most 15 %", share <= 0.15)


def vanish(i):
    s = socket.create_connection((url.hostname, url.port))
    body = json.dumps(chat(f"Tell me {i}", 400, stream=True, logit_bias={"2": -100})).encode()
    head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n"
    s.sendall(head.encode() + body)
    s.recv(200 if i % 2 else 1)
    s.close()


def slow(i):
    s = socket.create_connection((url.hostname, url.port))
    body = json.dumps(chat(f"Slowly {i}", 40, stream=True)).encode()
    s.sendall(f"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
    text = b""
    while piece := s.recv(64):
        text += piece
        time.sleep(0.01)
    s.close()
    return b"[DONE]" in text


def streams():
    """Eight streams at once until the time is over, between clients that vanish or read slowly."""
    end, lost, told = time.monotonic() + seconds, [], []

    def talk(worker):
        n = 0
        while time.monotonic() < end:
            n += 1
            if worker == 0 and n % 3 == 0:
                vanish(n)
            elif worker == 1 and n % 3 == 0:
                if not slow(n):
                    lost.append(n)
            else:
                times, whole = events(chat(f"Stream {worker} {n}", 32))
                told.append(len(times))
                if not whole:
                    lost.append(n)

    with futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(talk, range(8)))
    check(f"{len(told)} streams and {sum(told)} pieces in {seconds:.0f} s, {len(lost)} lost", not lost)


def short():
    local = threading.local()

    def ask(i):
        if not hasattr(local, "c"):
            local.c = http.client.HTTPConnection(url.hostname, url.port, timeout=600)
        return post("/v1/completions", {"prompt": f"{i % 50} and", "max_tokens": 1}, local.c)[0]

    begun = time.monotonic()
    with futures.ThreadPoolExecutor(8) as pool:
        bad = sum(status != 200 for status in pool.map(ask, range(requests)))
    taken = time.monotonic() - begun
    check(f"{requests} short requests, {requests / taken:.0f} a second, {bad} refused", bad == 0)


throughput()
fairness()
second_turn()
before = process()
figure(f"before: {before}")
streams()
middle = process()
figure(f"after the streams: {middle}")
short()
time.sleep(12)
after = process()
figure(f"after the short requests: {after}")
if before:
    grown = after["resident MB"] - middle["resident MB"]
    check(f"memory is flat over the short requests: {grown:+} MB", grown <= 64)
    check("threads are back", after["threads"] <= before["threads"] + 4)
    check("descriptors are back", after["descriptors"] <= before["descriptors"] + 4)
sys.exit(bool(failed))
