"""Talks with hbar chat on a terminal of its own: chat_pty.py COMMAND..."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

LONGEST = 300
PROMPT = r">\x1b\[(0)?m "


class Talk:
    """A program on a terminal, and what it has written there."""

    def __init__(self, command):
        self.said = ""
        self.seen = 0
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", COLUMNS="100", LINES="40")
            os.execvp(command[0], command)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))

    def type(self, keys):
        os.write(self.terminal, keys.encode())

    def read(self, until):
        ready, _, _ = select.select([self.terminal], [], [], max(0, until - time.monotonic()))
        if not ready:
            return False
        try:
            data = os.read(self.terminal, 65536)
        except OSError:  # the program has ended
            return False
        self.said += data.decode(errors="replace")
        return bool(data)

    def wait(self, pattern, what):
        """Reads on until the pattern is there, after what was waited for before."""
        until = time.monotonic() + LONGEST
        while True:
            found = re.compile(pattern).search(self.said, self.seen)
            if found:
                self.seen = found.end()
                print("ok " + what, flush=True)
                return found
            if not self.read(until):
                sys.exit(f"not ok {what}: waited for {pattern!r}, got {self.said[self.seen:]!r}")

    def end(self):
        until = time.monotonic() + LONGEST
        while self.read(until):
            pass
        _, status = os.waitpid(self.pid, 0)
        return os.waitstatus_to_exitcode(status)


def expect(holds, what):
    if not holds:
        sys.exit("not ok " + what)


def main(command):
    talk = Talk(command)
    try:
        talk.wait(r"colour: surprise", "the legend")
        talk.wait(PROMPT, "a prompt")

        start = len(talk.said)
        talk.type("Name three animals.\r")
        talk.wait(r"\d+ tokens, [\d.]+ tokens/s.*?; context \d+ of 8192, 0 reused", "the first answer")
        expect("\x1b[48;2;" in talk.said[start:], "tokens are shaded")
        talk.wait(PROMPT, "a prompt after it")

        talk.type("/params max-tokens=2000\r")
        talk.wait(r"max-tokens=2000(.|\n)*?max-tokens=2000", "parameters")
        talk.wait(PROMPT, "a prompt")
        talk.type("Write a very long story about a lighthouse, a storm and a cat.\r")
        talk.wait(r"cat\.(.|\n)*?\x1b\[48;2;(.|\n)*?\x1b\[48;2;", "an answer that grows")
        talk.type("\x03")
        reused = talk.wait(r"tokens/s, stopped; context \d+ of 8192, (\d+) reused", "Ctrl-C stops the answer")
        expect(int(reused[1]) > 20, "keys and values of the first turn are reused")
        talk.wait(PROMPT, "the program goes on")

        talk.type("\x1bOA")
        talk.wait(r"Write a very long story", "the arrow key brings the last line back")
        talk.type("\x03")
        talk.wait(PROMPT, "Ctrl-C clears the line")
        talk.type("\x03")
        talk.wait(r"Ctrl-D or /exit ends", "Ctrl-C on an empty line says how to leave")
        talk.wait(PROMPT, "a prompt")

        talk.type("/params max-tokens=6\r")
        talk.wait(r"max-tokens=6(.|\n)*?max-tokens=6", "few tokens")
        talk.wait(PROMPT, "a prompt")
        talk.type("Say yes \\\rand no.\r")
        talk.wait(r"tokens/s.*?; context", "a question of two lines")
        talk.wait(PROMPT, "a prompt")
        talk.type("/undo\r")
        talk.wait(r"taken back: Say yes \r?\nand no\.", "what was asked had two lines")
        talk.wait(PROMPT, "a prompt")
        talk.type("/nothing\r")
        talk.wait(r"/nothing is no command", "a wrong command is said")
        talk.wait(PROMPT, "a prompt")
        talk.type("\x04")
        code = talk.end()
        expect(code == 0, f"Ctrl-D ends with 0, not {code}")
        expect("WARNING" not in talk.said, "no library logs on the terminal")
    finally:
        try:
            os.kill(talk.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    print("ok")


main(sys.argv[1:])
