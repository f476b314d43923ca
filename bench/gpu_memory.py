"""GPU memory of a process, as the driver counts it: with the context and what an allocator keeps, so that programs compare."""

import os
import subprocess
import threading

COMMAND = ["nvidia-smi", "--query-compute-apps=pid,used_gpu_memory", "--format=csv,noheader,nounits"]
MIB = 2**20

# As often as `text2video bench` looks.
INTERVAL_S = 0.5


def held(pid, table):
    """Bytes of all GPUs that a process uses, of lines `pid, MiB`; None where it is not listed or the driver does not tell."""
    rows = [[cell.strip() for cell in line.split(",")] for line in table.splitlines()]
    mine = [int(row[1]) * MIB for row in rows if len(row) == 2 and row[0] == str(pid) and row[1].isdecimal()]
    return sum(mine) if mine else None


def ask():
    """What the driver lists; None where there is none."""
    try:
        answer = subprocess.run(COMMAND, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    except FileNotFoundError:
        return None
    return answer.stdout if answer.returncode == 0 else None


class Watch:
    """The most that a process holds, looked at from the start until it is asked for."""

    def __init__(self, pid=None, ask=ask, interval_s=INTERVAL_S):
        self.pid = pid or os.getpid()
        self.ask = ask
        self.seen = None
        self.over = threading.Event()
        self.interval_s = interval_s
        self.lock = threading.Lock()
        if self.look():
            threading.Thread(target=self.look_on, daemon=True).start()

    def look(self):
        table = self.ask()
        now = None if table is None else held(self.pid, table)
        with self.lock:
            if now is not None:
                self.seen = max(now, self.seen or 0)
        return table is not None

    def look_on(self):
        while not self.over.wait(self.interval_s):
            self.look()

    def most(self):
        """In bytes; ends the watch."""
        self.over.set()
        self.look()
        return self.seen
