#!/usr/bin/env python3
"""python3 -m unittest discover -s bench"""

import json
import subprocess
import sys
import tempfile
import unittest
import xml.dom.minidom
from pathlib import Path

import charts
import records

HISTORY_SCRIPT = Path(__file__).with_name("history")


def record(*seconds, peer=10.0, commit="abc", threads=2, **changes):
    """One pair for each of our seconds."""
    return {
        "date": "2026-01-02T03:04:05Z",
        "commit": commit,
        "machine": {"cpu": "a CPU", "cores": 2, "memory_bytes": 2**34},
        "settings": {
            "model": "small", "width": 352, "height": 240, "frames": 17, "threads": threads, "peer_dtype": "fp32",
            "flags": {},
        },
        "peer": {"peer": "diffusers 0.39.0"},
        "pairs": [{"ours": {"step_s": s, "peak_rss_bytes": 2**30}, "peer": {"step_s": peer, "peak_rss_bytes": 2**31}} for s in seconds],
        **changes,
    }


class RecordsTest(unittest.TestCase):
    def test_should_tell_which_ways_the_cpu_took(self):
        times = {"ratio": 0.714, "low": 0.7, "high": 0.73, "share": 1, "pairs": 5}
        report = {"settings": {"cpu_paths": "attention=fused", "cpu_path_ratios": {"attention": times}}}

        kept = record(1.0, cpu_paths=records.paths(report))

        self.assertEqual(kept["cpu_paths"], {"taken": "attention=fused", "ratios": {"attention": 0.714}})
        self.assertEqual(records.chosen(kept), ["CPU paths attention=fused; the other way over the default: attention 0.71"])
        self.assertEqual(records.chosen(record(1.0)), [])

    def test_should_give_ratios_with_their_spread(self):
        pairs = record(4.0, 5.0, 2.0)

        self.assertEqual(records.ratio(pairs, "step_s"), [2.0, 2.5, 5.0])
        self.assertEqual(records.side(pairs, "ours", "step_s"), [2.0, 4.0, 5.0])
        self.assertEqual(records.ratio(pairs, "peak_rss_bytes"), [2.0, 2.0, 2.0])

    def test_should_leave_out_figures_that_a_run_lacks(self):
        pairs = record(4.0, 5.0)
        del pairs["pairs"][1]["peer"]["peak_rss_bytes"]

        self.assertEqual(records.figures(pairs), ["step_s"])

    def test_should_find_what_got_slower_by_more_than_the_spread(self):
        self.assertEqual(records.slower(record(4.0, 5.0), record(5.1, 6.0)), ["step_s"])

    def test_should_take_what_lies_in_the_spread_for_noise(self):
        self.assertEqual(records.slower(record(4.0, 5.0), record(4.9, 6.0)), [])

    def test_should_not_blame_us_for_a_machine_that_is_busy(self):
        self.assertEqual(records.slower(record(4.0, 5.0), record(8.0, 10.0, peer=20.0)), [])

    def test_should_compare_what_ran_alike_only(self):
        first, other, last = record(4.0, commit="a"), record(4.0, threads=8), record(5.0, commit="b")

        self.assertEqual(records.previous([first, other, last]), (last, first))
        self.assertEqual(records.previous([first, other]), (other, None))

    def test_should_read_what_it_appends(self):
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / "deep/history.jsonl"
            self.assertEqual(records.read(path), [])
            records.append(record(4.0), path)
            records.append(record(5.0), path)
            self.assertEqual(records.read(path), [record(4.0), record(5.0)])

    def test_should_name_the_line_that_is_not_json(self):
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / "history.jsonl"
            path.write_text(json.dumps(record(4.0)) + "\n<<<<<<< HEAD\n")
            with self.assertRaisesRegex(SystemExit, "line 2"):
                records.read(path)


class HistoryTest(unittest.TestCase):
    def run_on(self, *lines):
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
            file.write("".join(json.dumps(line) + "\n" for line in lines))
            file.flush()
            return subprocess.run([sys.executable, HISTORY_SCRIPT, file.name], capture_output=True, text=True)

    def test_should_fail_where_a_figure_got_worse(self):
        result = self.run_on(record(4.0, 5.0), record(7.0, 8.0))

        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stdout, r"WORSE a step .* 4\.500 -> +7\.500 s .*2\.25 \(2\.00 to 2\.50\)")
        self.assertIn("ok    peak resident memory", result.stdout)

    def test_should_pass_where_none_did(self):
        result = self.run_on(record(4.0, 5.0), record(3.0, 5.0))

        self.assertEqual(result.returncode, 0)
        self.assertNotIn("WORSE", result.stdout)

    def test_should_say_that_there_is_nothing_to_compare_with(self):
        result = self.run_on(record(4.0, 5.0), record(9.0, threads=8))

        self.assertEqual(result.returncode, 0)
        self.assertIn("the first of its machine and settings", result.stdout)


class ChartsTest(unittest.TestCase):
    def test_should_put_ticks_at_round_numbers_up_to_the_most(self):
        self.assertEqual(charts.ticks(4.2), [0, 1, 2, 3, 4, 5])
        self.assertEqual(charts.ticks(27), [0, 10, 20, 30])
        self.assertEqual(charts.ticks(0.9), [0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0])

    def test_should_write_three_digits_that_count(self):
        self.assertEqual([charts.number(v) for v in (27.41, 1.604, 0.1512, 1234.5, 0)], ["27.4", "1.60", "0.151", "1234", "0"])

    def test_should_draw_well_formed_svg_with_escaped_names(self):
        odd = record(4.0, 5.0)
        odd["settings"]["model"] = "a<b&c"

        bars = xml.dom.minidom.parseString(charts.ratio_bars([odd], charts.STYLE))
        lines = xml.dom.minidom.parseString(charts.timeline([odd, odd], "step_s"))

        self.assertEqual(len(bars.getElementsByTagName("rect")), 2)
        self.assertEqual(len(lines.getElementsByTagName("circle")), 4)
        self.assertIn("a<b&c", bars.getElementsByTagName("text")[0].firstChild.data)


if __name__ == "__main__":
    unittest.main()
