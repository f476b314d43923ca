#!/usr/bin/env python3
"""python3 -m unittest discover -s bench"""

import math
import random
import unittest

from simulation import BUSY, IDLE, LOADING, Fleet, Job, Policy, Queue, Removal, assigned

KILLED = Removal("any, killed", idle_first=False, told=False)
TOLD = Removal("any, told", idle_first=False, told=True)
IDLE_FIRST = Removal("idle first", idle_first=True, told=True)


def job(arrived, seconds):
    return Job(arrived, 0.0, 1, seconds, 0.0)


def erlang_c_wait(rate, service, workers):
    """The mean wait of an M/M/c queue."""
    load = rate * service
    blocked = 1.0
    for count in range(1, workers + 1):
        blocked = load * blocked / (count + load * blocked)
    waits = blocked / (1 - load / workers * (1 - blocked))
    return waits * service / (workers - load)


class FleetTest(unittest.TestCase):
    def test_should_agree_with_two_workers_and_three_jobs_by_hand(self):
        jobs = [job(0, 10), job(1, 4), job(2, 3)]

        result = Fleet(jobs, Policy("fixed", most=2), TOLD, start_seconds=5).run()

        # Both load until 5; the first job takes until 15, the second until 9, the third follows it until 12.
        self.assertEqual([each.ended for each in jobs], [15, 9, 12])
        self.assertEqual(result.waits, [4, 5, 7])
        self.assertEqual(result.seconds, {LOADING: 10, IDLE: 3, BUSY: 17})
        self.assertEqual((result.starts, result.moves, result.lost, result.ended), (2, 0, 0, 15))

    def test_should_agree_with_erlang_c(self):
        for workers, share in [(1, 0.6), (4, 0.7), (20, 0.8)]:
            rate, draw, now, jobs = share * workers / 10, random.Random(workers), 0.0, []
            for _ in range(200_000):
                now += draw.expovariate(rate)
                jobs.append(job(now, draw.expovariate(0.1)))

            waits = Fleet(jobs, Policy("fixed", most=workers), TOLD, 0, look_seconds=1e9).run().waits

            expected = erlang_c_wait(rate, 10, workers)
            self.assertAlmostEqual(sum(waits) / len(waits) / expected, 1, delta=0.06, msg=f"{workers} workers")

    def test_should_end_every_job_once_however_workers_come_and_go(self):
        for removal in (KILLED, TOLD, IDLE_FIRST):
            draw = random.Random(3)
            jobs = [Job(i * 7.0 + 600 * (i // 50), 1.0, 20, draw.uniform(0.5, 5), 4.0) for i in range(400)]
            wild = Policy("wild", lambda queue: draw.randrange(1, 30), most=30, window=0)

            result = Fleet(jobs, wild, removal, start_seconds=20, seed=2).run()

            self.assertTrue(all(each.ended is not None and each.waited > -1e-6 for each in jobs), removal)
            self.assertGreater(result.moves, 0)
            # Nothing is done twice but what was lost.
            done = sum(each.seconds for each in jobs) + result.lost
            self.assertAlmostEqual(result.seconds[BUSY], done, places=3)
            self.assertEqual(result.moves, sum(each.moves for each in jobs))

    def test_should_keep_every_fifth_step_of_a_killed_worker_and_all_of_one_that_is_told(self):
        for removal, kept in [(KILLED, 5), (TOLD, 7)]:
            work = Job(0.0, 2.0, 20, 1.0, 3.0)
            fleet = Fleet([work], Policy("fixed", most=2), removal, start_seconds=0)
            # In the middle of the eighth step.
            fleet.at(9.5, lambda: fleet.remove(fleet.crowds[BUSY][0]))

            result = fleet.run()

            self.assertEqual(work.done, kept)
            self.assertAlmostEqual(result.lost, 9.5 - kept)
            self.assertAlmostEqual(work.ended, 9.5 + 2 + (20 - kept) + 3)

    def test_should_grow_at_once_and_shrink_to_what_was_wanted_most_in_the_window(self):
        wishes = iter([1, 6, 6, 2] + [2] * 100)
        fleet = Fleet([], Policy("any", lambda queue: next(wishes), most=5, window=300), TOLD, 60, horizon=600)

        counts = [workers for _, workers, _ in fleet.run().course]

        # From none by one, then up to the bound at the next look, and down 300 s after 6 were wanted last (at 60 s).
        self.assertEqual(counts[:13], [1, 5, 5] + [5] * 9 + [2])

    def test_should_stop_no_more_workers_a_minute_than_it_may(self):
        wishes = iter([1, 6] + [1] * 100)
        slow = Policy("slow", lambda queue: next(wishes), window=0, stopped_a_minute=1)

        counts = [workers for _, workers, _ in Fleet([], slow, TOLD, 60, horizon=300).run().course]

        self.assertEqual(counts[:8], [1, 6, 5, 5, 4, 4, 3, 3])

    def test_should_double_within_a_minute_where_it_may_no_more(self):
        careful = Policy("careful", lambda queue: 50, most=50, doubles=True)

        counts = [workers for _, workers, _ in Fleet([], careful, TOLD, 60, horizon=300).run().course]

        # KEDA starts the first one, and it does not count.
        self.assertEqual(counts[:9], [1, 5, 5, 10, 10, 20, 20, 40, 40])

    def test_should_go_to_none_after_the_cooldown(self):
        fleet = Fleet([job(0, 10)], Policy("jobs", lambda queue: queue.waiting + queue.running, cooldown=300), TOLD, 60, horizon=900)

        result = fleet.run()

        # Started at 0, loaded at 60, done at 70; the last look that saw it was at 60.
        self.assertEqual([time for time, workers, _ in result.course if workers == 0][0], 360)
        self.assertEqual(result.seconds, {LOADING: 60, IDLE: 290, BUSY: 10})

    def test_should_end_a_scaled_jobs_worker_when_idle_and_never_before(self):
        jobs = [job(0, 100), job(0, 10)]

        result = Fleet(jobs, Policy("ScaledJob", most=9, idle_timeout=120), KILLED, 60, horizon=900).run()

        self.assertEqual((result.starts, result.moves), (2, 0))
        self.assertEqual(result.seconds, {LOADING: 120, IDLE: 240, BUSY: 110})

    def test_should_remove_idle_workers_before_busy_ones(self):
        jobs = [job(0, 1000)]
        one = Policy("one", lambda queue: 1, least=5, window=0)
        fleet = Fleet(jobs, one, IDLE_FIRST, start_seconds=0)
        fleet.at(50, lambda: fleet.change(-4))

        self.assertEqual(fleet.run().moves, 0)

    def test_should_go_on_with_a_moved_job_before_those_that_wait(self):
        jobs = [Job(0.0, 0.0, 20, 1.0, 0.0), Job(0.0, 0.0, 20, 1.0, 0.0), Job(1.0, 0.0, 20, 1.0, 0.0)]
        fleet = Fleet(jobs, Policy("fixed", most=2), TOLD, start_seconds=0)
        moved = []
        fleet.at(10, lambda: (moved.append(fleet.crowds[BUSY][0].job), fleet.remove(fleet.crowds[BUSY][0])))

        fleet.run()

        # The other worker is free at 20 and has ten steps left of it; only then comes the third.
        self.assertEqual((moved[0].ended, jobs[2].ended), (30, 50))

    def test_should_remove_workers_that_are_not_ready_before_any_other(self):
        fleet = Fleet([job(0, 50)], Policy("fixed", most=1), TOLD, start_seconds=5)
        fleet.at(20, fleet.start)
        fleet.at(21, lambda: fleet.change(-1))

        result = fleet.run()

        self.assertEqual((result.moves, result.seconds), (0, {LOADING: 6, IDLE: 0, BUSY: 50}))

    def test_should_tell_the_work_that_waits_and_the_rest_of_what_runs(self):
        fleet = Fleet([job(0, 100), job(0, 40)], Policy("fixed", most=1), TOLD, start_seconds=0)
        seen = []
        fleet.at(30, lambda: seen.append(fleet.state()))

        fleet.run()

        self.assertEqual(seen, [Queue(waiting=1, running=1, work=110)])

    def test_should_give_jobs_by_count_or_by_work(self):
        jobs = [job(0, seconds) for seconds in (60, 1, 60, 1)]

        # By count both long ones come to the first worker; by work the second has the first short one, the other long one and no more.
        self.assertEqual(assigned(jobs, 2, by_work=False), 120)
        self.assertEqual(assigned(jobs, 2, by_work=True), 61)

    def test_should_give_the_same_for_the_same_seed(self):
        def run():
            draw = random.Random(5)
            jobs = [Job(i * 3.0, 1.0, 20, draw.uniform(0.1, 3), 2.0) for i in range(300)]
            policy = Policy("work", lambda queue: math.ceil(queue.work / 60), window=60)
            return Fleet(jobs, policy, TOLD, 60, seed=9).run()

        self.assertEqual(run(), run())


if __name__ == "__main__":
    unittest.main()
