"""Running a program's processes and what they cost: CPU-seconds with all descendants, wall time, peak resident memory."""

import os
import subprocess
import threading
import time


def _peak(pid):
    """A process's own peak resident memory in bytes; 0 when it has gone."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as f:
            return next((int(line.split()[1]) * 1024 for line in f if line.startswith("VmHWM:")), 0)
    except OSError:
        return 0


def _children(pid):
    try:
        return [int(c) for task in os.listdir(f"/proc/{pid}/task") for c in open(f"/proc/{pid}/task/{task}/children", encoding="ascii").read().split()]
    except OSError:
        return []


class Memory(threading.Thread):
    """Samples the peaks of processes and their descendants while they live."""

    def __init__(self, pids):
        super().__init__(daemon=True)
        self.roots, self.peaks, self.over = list(pids), {}, threading.Event()

    def run(self):
        while not self.over.wait(0.05):
            pids = list(self.roots)
            for pid in pids:
                pids += _children(pid)
                self.peaks[pid] = max(self.peaks.get(pid, 0), _peak(pid))

    def stop(self):
        """(largest process, sum over all processes)"""
        self.over.set()
        self.join()
        return max(self.peaks.values(), default=0), sum(self.peaks.values())


def _reap(process):
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime


def commands(lists, jobs, accept=(0,), env=None):
    """Runs commands, at most `jobs` at a time; returns their total cost. Memory is the sum of what could live together."""
    waiting, lock = list(lists), threading.Lock()
    cost = {"cpu": 0.0, "largest": 0, "together": 0}
    failed = []

    def lane():
        largest = together = 0
        while True:
            with lock:
                if not waiting or failed:
                    break
                command = waiting.pop(0)
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={**os.environ, **(env or {})})
            memory = Memory([process.pid])
            memory.start()
            said = process.stderr.read().decode("utf-8", "replace")
            used = _reap(process)
            most, all_of_it = memory.stop()
            largest, together = max(largest, most), max(together, all_of_it)
            with lock:
                cost["cpu"] += used
                if process.returncode not in accept:
                    failed.append(f"{command[0]}: exit {process.returncode}: {said[-400:]}")
        with lock:
            cost["largest"], cost["together"] = max(cost["largest"], largest), cost["together"] + together

    begun = time.monotonic()
    lanes = [threading.Thread(target=lane) for _ in range(jobs)]
    for t in lanes:
        t.start()
    for t in lanes:
        t.join()
    if failed:
        raise RuntimeError(failed[0])
    return {**cost, "wall": time.monotonic() - begun}


def workers(lists):
    """Runs worker processes that say `ready` when loaded; the clock starts when all are and stops when the last has ended."""
    processes = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for command in lists]
    memory = Memory([p.pid for p in processes])
    memory.start()
    for process in processes:
        while (line := process.stdout.readline()) != "ready\n":
            if not line:
                raise RuntimeError(f"{process.args} ended before it was ready")
    begun = time.monotonic()
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    for process in processes:
        process.stdout.read()
        _reap(process)
        if process.returncode:
            raise RuntimeError(f"{process.args}: exit {process.returncode}")
    largest, together = memory.stop()
    return {"largest": largest, "together": together, "wall": time.monotonic() - begun}
