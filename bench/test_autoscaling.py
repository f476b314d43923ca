#!/usr/bin/env python3
"""python3 -m unittest discover -s bench"""

import importlib.machinery
import importlib.util
import re
import unittest
import xml.dom.minidom
from pathlib import Path

import charts
import records
from simulation import Queue


def script(name):
    loader = importlib.machinery.SourceFileLoader(name, str(Path(__file__).with_name(name)))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))
    loader.exec_module(module)
    return module


autoscaling = script("autoscaling")


class AutoscalingTest(unittest.TestCase):
    def test_should_take_the_measured_seconds(self):
        record = next(each for each in records.read() if each["commit"].startswith("c7afa84ed075"))

        text, _, step, decode = autoscaling.stages(352, 240, 17, 25)

        for figure, seconds in [("encode_s", text), ("step_s", step), ("decode_s", decode)]:
            self.assertAlmostEqual(records.side(record, "ours", figure)[1] / seconds, 1, delta=0.001, msg=figure)

    def test_should_mix_sizes_of_one_to_sixty(self):
        seconds = [autoscaling.seconds(size) for size in autoscaling.SIZES]

        self.assertEqual(sum(autoscaling.SIZES.values()), 100)
        self.assertTrue(60 < max(seconds) / min(seconds) < 62, seconds)

    def test_should_have_jobs_come_as_the_patterns_say(self):
        times = autoscaling.diurnal(100)
        night, noon = (sum(1 for time in times if abs(time - at) < 3600) for at in (3600, 43_200))

        self.assertEqual(times, sorted(times))
        self.assertTrue(5 < noon / night < 10, (night, noon))
        busy = len(autoscaling.steady(100, 40_000)) * autoscaling.MEAN / 40_000
        self.assertAlmostEqual(busy, 70, delta=2)
        self.assertEqual((len(autoscaling.burst()), set(autoscaling.burst())), (10_000, {0.0}))

    def test_should_want_no_fewer_workers_than_run_and_no_more_than_there_are_jobs(self):
        policy = next(each for each in autoscaling.policies(100) if each.name == autoscaling.CHOSEN)

        for waiting, running, work, wanted in [(0, 4, 10, 4), (1, 0, 9000, 1), (20, 2, 1500, 5), (0, 0, 0, 0)]:
            self.assertEqual(policy.wanted(Queue(waiting, running, work)), wanted)

    def test_should_say_on_the_page_what_the_seed_gives(self):
        policy = next(each for each in autoscaling.policies(10) if each.name == autoscaling.CHOSEN)
        figures, _ = autoscaling.run("diurnal", 10, policy, autoscaling.TOLD, 180, autoscaling.diurnal(10), autoscaling.DAY)

        row = next(line for line in autoscaling.PAGE.read_text().splitlines() if line.startswith("| diurnal | 10 |"))

        cell = f"{figures['wait_p95_s']:,.0f} s, {autoscaling.overhead(figures):,.0f} %"
        self.assertEqual(row.split(" | ")[2 + autoscaling.FEW.index(autoscaling.CHOSEN)], cell)

    def test_should_write_the_chosen_formula_on_the_page(self):
        formulas = re.findall(r"formula: (.*)", autoscaling.PAGE.read_text())

        self.assertEqual(formulas, [f"max(running, min(waiting + running, work / {autoscaling.DRAIN}))"])

    def test_should_draw_well_formed_pictures(self):
        for drawing in [
            charts.courses("a & b", "words", "below", [("<one>", [(0, 0), (1, 5)]), ("two", [(0, 3), (1, 2)])]),
            charts.spots("a", "words", "below", [("one", 1, 2), ("two", 3, 4)]),
            charts.groups("a", "words", "below", ["one", "two"], [("10", [1, 2]), ("100", [3, 4])]),
        ]:
            xml.dom.minidom.parseString(drawing)
            for name in ("one", "two"):
                self.assertIn(name, drawing)


if __name__ == "__main__":
    unittest.main()
