"""What of bench/gpu needs neither a GPU nor torch."""

import argparse
import importlib.machinery
import importlib.util
import pickletools
import re
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

GPU = Path(__file__).with_name("gpu")
sys.path.insert(0, str(GPU))

import archive  # noqa: E402
import shape  # noqa: E402


def script(name):
    loader = importlib.machinery.SourceFileLoader(f"gpu_{name}", str(GPU / name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


run = script("run")


class ArchiveTest(unittest.TestCase):
    def test_holds_the_kernels_of_one_kind_of_device(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "kernels.pt"
            archive.write(path, "cuda", "cuda:1", archive.cuda_paths((8, 6)))
            with zipfile.ZipFile(path) as packed:
                self.assertEqual({0}, {entry.compress_type for entry in packed.infolist()})
                code = packed.read("archive/code/__torch__.py").decode()
                state = packed.read("archive/data.pkl")
        self.assertIn("def fp8_product(", code)
        self.assertNotIn("def plain_attention(", code)
        texts = [argument for _, argument, _ in pickletools.genops(state) if isinstance(argument, str)]
        self.assertIn("cuda:1", texts)

    def test_sets_every_attribute_that_the_kernels_declare(self):
        for kind, paths in (("cpu", archive.CPU_PATHS), ("cuda", archive.cuda_paths((9, 0)))):
            values = archive.attributes(kind, kind, paths)
            declared = re.findall(r"^  (\w+) : \w+$", archive.source(kind), re.MULTILINE)
            self.assertEqual(declared, list(values))
            self.assertEqual(24, values["F8_E4M3"])

    def test_names_what_nothing_sets(self):
        with self.assertRaisesRegex(KeyError, "flash_attention"):
            archive.attributes("cuda", "cuda:0", archive.CPU_PATHS)

    def test_uses_what_a_gpu_has(self):
        chosen = {capability: archive.cuda_paths(capability) for capability in [(7, 5), (8, 0), (8, 9), (10, 0)]}
        self.assertEqual([False, True, True, True], [paths["flash_attention"] for paths in chosen.values()])
        self.assertEqual([False, False, True, True], [paths["fp8_products"] for paths in chosen.values()])


class ShapeTest(unittest.TestCase):
    def test_counts_the_operations_of_the_published_clip(self):
        self.assertEqual(17_776, shape.CLIP_2B.tokens)
        self.assertEqual(1920, shape.CLIP_2B.inner)
        self.assertAlmostEqual(2.4e14, shape.CLIP_2B.operations(), delta=1e12)

    def test_names_the_weights_of_2b(self):
        sizes = shape.shapes(shape.CLIP_2B)
        count = 0
        for size in sizes.values():
            product = 1
            for length in size:
                product *= length
            count += product
        self.assertEqual(1_693_783_872, count)
        self.assertEqual((7680, 1920), sizes["transformer_blocks.29.ff.net.0.proj.weight"])


class RunTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.arguments = argparse.Namespace(out=Path(folder.name) / "gpu.jsonl", rehearse=True)

    def test_writes_what_there_was_no_time_for(self):
        run.append(self.arguments.out, {"stage": "kernels"})

        added = run.stage("memory", self.arguments, 0)

        self.assertEqual([{"stage": "memory", "failed": "no time is left", "seconds": 0.0}], added)
        self.assertEqual(2, len(run.lines(self.arguments.out)))

    def test_ends_a_stage_when_the_time_is_over(self):
        added = run.stage("kernels", self.arguments, 0.01)

        self.assertEqual("the time is over", added[0]["failed"])

    def test_breaks_the_rehearsed_device_in_its_own_stage_alone(self):
        self.assertIn("REHEARSED_CUDA_FAIL", run.environment("broken", True))
        self.assertNotIn("REHEARSED_CUDA_FAIL", run.environment("broken", False))
        self.assertNotIn("REHEARSED_CUDA_FAIL", run.environment("memory", True))

    def test_tells_wrong_results(self):
        wrong = [{"failed": "exit code 1"}, {"wrong": ["linear"]}, {"finite": False}, {"known": False}, {"sticky": False}]
        right = [{"wrong": []}, {"finite": True}, {"known": True, "alive_after": True}, {"skipped": "no diffusers"}]
        self.assertEqual([True] * len(wrong), [run.is_wrong(line) for line in wrong])
        self.assertEqual([False] * len(right), [run.is_wrong(line) for line in right])

    def test_has_a_stage_for_each_name(self):
        source = (GPU / "stages.py").read_text()
        ways = re.search(r"^WAYS = \{(.*)\}$", source, re.MULTILINE).group(1)
        named = [f"step {way}" for way in re.findall(r'"(\w+)": \(', ways)]
        listed = re.search(r"^ALL = \{(.*?)^\}$", source, re.MULTILINE | re.DOTALL).group(1)
        self.assertEqual(set(run.NAMES), {*named, *re.findall(r'^    "(\w+)":', listed, re.MULTILINE)})


if __name__ == "__main__":
    unittest.main()
