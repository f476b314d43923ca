#!/usr/bin/env python3
"""python3 -m unittest discover -s bench"""

import itertools
import threading
import unittest

import gpu_memory


class GpuMemoryTest(unittest.TestCase):
    def test_should_add_up_what_a_process_holds_of_each_gpu(self):
        self.assertEqual(gpu_memory.held(42, "7, 900\n42, 1024\n42, 16\n"), 1040 * 2**20)

    def test_should_say_nothing_of_a_process_that_is_not_listed(self):
        for table in ["", "7, 900", "42, [N/A]", "42", "142, 900\n"]:
            self.assertIsNone(gpu_memory.held(42, table), table)

    def test_should_keep_the_most_that_was_seen(self):
        tables = itertools.chain(["42, 16", "42, 1024"], itertools.repeat("42, 32"))
        looked_on = threading.Event()
        asked = itertools.count()

        def ask():
            if next(asked) > 2:
                looked_on.set()
            return next(tables)

        watch = gpu_memory.Watch(42, ask, interval_s=0.001)
        self.assertTrue(looked_on.wait(60))

        self.assertEqual(watch.most(), 1024 * 2**20)

    def test_should_say_nothing_where_there_is_no_driver(self):
        self.assertIsNone(gpu_memory.Watch(42, lambda: None).most())


if __name__ == "__main__":
    unittest.main()
