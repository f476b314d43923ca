"""A fleet that grows and shrinks, simulated event by event: jobs, workers that take the next one when free, and an autoscaler.

Simulated seconds only; the same jobs and the same seed give the same result. What is left out: the way through broker and store
(milliseconds), nodes that the cluster has to add first (count them into the start), estimates that are wrong, and failures.
"""

import heapq
import math
import random
from collections import deque
from dataclasses import dataclass
from typing import Callable, Optional

KEPT_STEPS = 5  # WORKER_CHECKPOINT_STEPS
TOLERANCE = 0.1  # of Kubernetes' autoscaler: nothing is changed for less
LOADING, IDLE, BUSY = "loading", "idle", "busy"


class Job:
    """A generation; its state after `done` steps lies in the store."""

    __slots__ = ("arrived", "text", "steps", "step", "decode", "done", "moves", "ends", "ended")

    def __init__(self, arrived, text, steps, step, decode):
        self.arrived, self.text, self.steps, self.step, self.decode = arrived, text, steps, step, decode
        self.done = self.moves = self.ends = 0
        self.ended = None

    @property
    def seconds(self):
        return self.text + self.steps * self.step + self.decode

    @property
    def rest(self):
        return self.seconds - self.done * self.step

    @property
    def waited(self):
        """All the time that it took longer than on a worker of its own."""
        return self.ended - self.arrived - self.seconds


class Worker:
    __slots__ = ("state", "since", "place", "job", "turn")

    def __init__(self, now):
        self.state, self.since, self.place, self.job, self.turn = LOADING, now, 0, None, 0


class Crowd(list):
    """Workers of one state; any of them leaves without a search."""

    def add(self, worker):
        worker.place = len(self)
        self.append(worker)

    def leave(self, worker):
        last = self.pop()
        if last is not worker:
            self[worker.place] = last
            last.place = worker.place


@dataclass(frozen=True)
class Queue:
    """What a gateway tells of a pool."""

    waiting: int  # text2video_queue_jobs{state="waiting"}
    running: int  # text2video_queue_jobs{state="running"}
    work: float  # text2video_queue_work_seconds


@dataclass(frozen=True)
class Policy:
    """How many workers there are to be; without `wanted` always `most` of them."""

    name: str
    wanted: Optional[Callable[[Queue], float]] = None
    most: int = 100
    least: int = 0
    # Kubernetes' behavior.scaleDown: the highest number that was wanted for so long counts, and no more a minute are stopped.
    window: float = 300
    stopped_a_minute: Optional[int] = None
    # Its behavior.scaleUp: within a minute no more than twice as many, or four more; else as many as are wanted at once.
    doubles: bool = False
    # KEDA's cooldownPeriod: to none after so long without a job.
    cooldown: float = 300
    # A ScaledJob: nobody stops a worker, it ends after so long without a job.
    idle_timeout: Optional[float] = None


@dataclass(frozen=True)
class Removal:
    """How a worker leaves: whether an idle one is chosen first, and whether it is told (SIGTERM) or killed."""

    name: str
    idle_first: bool
    told: bool


@dataclass(frozen=True)
class Result:
    waits: list  # of each job, sorted
    ended: float  # when the last job did
    seconds: dict  # of all workers, by state
    starts: int
    moves: int
    lost: float  # seconds of work that had to be done again
    course: list  # (time, workers, waiting jobs) at each look

    def wait(self, share):
        return self.waits[min(len(self.waits) - 1, math.ceil(share * len(self.waits)) - 1)]

    @property
    def worker_hours(self):
        return sum(self.seconds.values()) / 3600


class Fleet:
    """One run: `Fleet(…).run()`. Jobs must be sorted by `arrived`."""

    def __init__(self, jobs, policy, removal, start_seconds, horizon=0.0, look_seconds=30.0, seed=0, ready=False):
        self.jobs, self.policy, self.removal = jobs, policy, removal
        self.start_seconds, self.horizon, self.look_seconds, self.ready = start_seconds, horizon, look_seconds, ready
        self.random = random.Random(seed)
        self.now = 0.0
        self.events, self.order = [], 0
        self.crowds = {LOADING: Crowd(), IDLE: Crowd(), BUSY: Crowd()}
        self.queue, self.waiting_work = deque(), 0.0
        self.busy_until = 0.0  # the sum of when the busy ones will be done
        self.wishes, self.active = deque(), -math.inf
        self.started, self.stopped = deque(maxlen=10), deque(maxlen=10)
        self.seconds = dict.fromkeys((LOADING, IDLE, BUSY), 0.0)
        self.starts = self.moves = self.open = 0
        self.lost = 0.0
        self.course = []

    def run(self):
        scaled = self.policy.wanted or self.policy.idle_timeout is not None
        for _ in range(self.policy.least if scaled else self.policy.most):
            self.start(ready=self.ready)
        self.open, coming = len(self.jobs), iter(self.jobs)
        following = next(coming, None)
        self.at(0.0, self.look)
        while self.events and (self.open or self.now < self.horizon):
            while following and following.arrived <= self.events[0][0]:
                self.now = following.arrived
                self.submit(following)
                following = next(coming, None)
            self.now, _, act, arguments = heapq.heappop(self.events)
            act(*arguments)
        for crowd in self.crowds.values():
            for worker in crowd:
                self.count(worker)
        waits = sorted(job.waited for job in self.jobs)
        ended = max((job.ended for job in self.jobs), default=0.0)
        return Result(waits, ended, self.seconds, self.starts, self.moves, self.lost, self.course)

    def at(self, time, act, *arguments):
        self.order += 1
        heapq.heappush(self.events, (time, self.order, act, arguments))

    @property
    def workers(self):
        return sum(len(crowd) for crowd in self.crowds.values())

    def state(self):
        running = len(self.crowds[BUSY])
        rest = self.busy_until - running * self.now
        return Queue(len(self.queue), running, max(0.0, self.waiting_work + rest))

    # Jobs

    def submit(self, job, first=False):
        (self.queue.appendleft if first else self.queue.append)(job)
        self.waiting_work += job.rest
        if self.crowds[IDLE]:
            # Whoever of the share group asks next: any of those that are free.
            self.take(self.random.choice(self.crowds[IDLE]))

    def take(self, worker):
        job = self.queue.popleft()
        self.waiting_work -= job.rest
        self.become(worker, BUSY)
        worker.job, job.ends = job, self.now + job.rest
        self.busy_until += job.ends
        self.at(job.ends, self.end, worker, worker.turn)

    def end(self, worker, turn):
        if worker.turn != turn:
            return
        job, worker.job = worker.job, None
        if job.ended is not None:
            raise AssertionError("a job has ended twice")
        job.ended = self.now
        self.open -= 1
        self.busy_until -= job.ends
        self.free(worker)

    def free(self, worker):
        self.become(worker, IDLE)
        if self.queue:
            self.take(worker)
        elif self.policy.idle_timeout is not None:
            self.at(self.now + self.policy.idle_timeout, self.give_up, worker, worker.turn)

    # Workers

    def start(self, ready=False):
        worker = Worker(self.now)
        self.starts += 1
        self.crowds[LOADING].add(worker)
        self.at(self.now + (0 if ready else self.start_seconds), self.loaded, worker, worker.turn)

    def loaded(self, worker, turn):
        if worker.turn == turn:
            self.free(worker)

    def give_up(self, worker, turn):
        if worker.turn == turn:
            self.remove(worker)

    def become(self, worker, state):
        self.crowds[worker.state].leave(worker)
        self.count(worker)
        worker.state = state
        worker.turn += 1
        self.crowds[state].add(worker)

    def count(self, worker):
        self.seconds[worker.state] += self.now - worker.since
        worker.since = self.now

    def remove(self, worker):
        self.crowds[worker.state].leave(worker)
        self.count(worker)
        worker.turn += 1
        if worker.job:
            self.interrupt(worker.job)

    def interrupt(self, job):
        started, before = job.ends - job.rest, job.done
        left = job.steps - before
        finished = min(left, max(0, math.floor((self.now - started - job.text) / job.step + 1e-9)))
        self.busy_until -= job.ends
        self.moves += 1
        job.moves += 1
        job.done = before + finished
        if not self.removal.told:
            job.done = max(before, job.done // KEPT_STEPS * KEPT_STEPS)
        self.lost += self.now - started - (job.done - before) * job.step
        # Killed or told, its connection ends, and the broker hands the job on at once.
        self.submit(job, first=True)

    def victim(self):
        """Kubernetes removes what is not ready first; then the one of the lowest deletion cost, if there is one."""
        loading, idle, busy = (self.crowds[state] for state in (LOADING, IDLE, BUSY))
        if loading:
            return loading[-1]
        if self.removal.idle_first:
            return self.random.choice(idle or busy)
        chosen = self.random.randrange(len(idle) + len(busy))
        return idle[chosen] if chosen < len(idle) else busy[chosen - len(idle)]

    # The autoscaler

    def look(self):
        queue = self.state()
        if self.policy.idle_timeout is not None:
            missing = min(self.policy.most, queue.waiting + queue.running) - self.workers
            self.change(max(0, missing))
        elif self.policy.wanted:
            self.change(self.replicas(queue) - self.workers)
        self.course.append((self.now, self.workers, queue.waiting))
        self.at(self.now + self.look_seconds, self.look)

    def replicas(self, queue):
        there, metric = self.workers, self.policy.wanted(queue)
        if metric > 0:
            self.active = self.now
        elif self.policy.least == 0 and self.now - self.active >= self.policy.cooldown:
            self.wishes.clear()
            return 0
        if there == 0:
            # KEDA starts the first one; how many more, Kubernetes' autoscaler says from then on.
            return 1
        wish = there if abs(metric / there - 1) <= TOLERANCE else math.ceil(metric - 1e-9)
        wish = min(self.policy.most, max(1, self.policy.least, wish))
        if self.policy.doubles and wish > there:
            before = there - sum(count for time, count in self.started if time > self.now - 60)
            wish = max(there, min(wish, max(2 * before, before + 4)))
        self.wishes.append((self.now, wish))
        while len(self.wishes) > 1 and self.wishes[0][0] <= self.now - self.policy.window:
            self.wishes.popleft()
        if wish < there:
            wish = min(there, max(each for _, each in self.wishes))
            if self.policy.stopped_a_minute is not None:
                lately = sum(count for time, count in self.stopped if time > self.now - 60)
                wish = max(wish, there - max(0, self.policy.stopped_a_minute - lately))
            if wish < there:
                self.stopped.append((self.now, there - wish))
        elif wish > there:
            self.started.append((self.now, wish - there))
        return wish

    def change(self, workers):
        for _ in range(workers):
            self.start()
        for _ in range(-workers):
            self.remove(self.victim())


def assigned(jobs, workers, by_work):
    """When the last job ends if each is given to a worker as it comes: to the one with the least work, or with the fewest jobs.

    All jobs come at once, so that no count has shrunk before the last one is given away. Workers of one count take turns.
    """
    until = [0.0] * workers
    heap = [(0, number) for number in range(workers)]
    for job in jobs:
        load, number = heapq.heappop(heap)
        until[number] += job.seconds
        heapq.heappush(heap, (until[number] if by_work else load + 1, number))
    return max(until)
