"""What is checked of a release refuses what it is there to refuse."""

import io
import json
import pathlib
import struct
import subprocess
import tarfile
import tempfile
import unittest
import zipfile

import archive
import compare
import materials
import recorded_bytecode
import transformed_bytecode


def component(name, *licences, group="org.example", version="1.0", classifier=None):
    ending = f"&classifier={classifier}" if classifier else ""
    return {
        "group": group,
        "name": name,
        "version": version,
        "purl": f"pkg:maven/{group}/{name}@{version}?type=jar{ending}",
        "licenses": [{"license": {"name": licence}} for licence in licences],
    }


def classfile(*texts):
    """A class file's beginning: its constants, of which every text is one, after a long one that takes two places."""
    constants = b"\x05" + bytes(8)
    for text in texts:
        constants += b"\x01" + struct.pack(">H", len(text)) + text
    return struct.pack(">IHHH", 0xCAFEBABE, 0, 61, len(texts) + 3) + constants + b"the rest"


def folders(directory):
    """Two empty ones, to read from and to write to."""
    made = pathlib.Path(directory) / "in", pathlib.Path(directory) / "out"
    for folder in made:
        folder.mkdir()
    return made


class LicencesTest(unittest.TestCase):
    RULES = {
        "allowed": ["Apache-2.0", "EPL-2.0"],
        "spellings": {"Apache-2.0": ["Apache License 2"]},
        "alternatives": {"org.example:dual": ["GPL-2.0-with-classpath-exception"]},
        "said_elsewhere": {"org.example:silent": {"licences": ["EPL-2.0"], "where": "its LICENSE"}},
    }

    def refused(self, *components):
        return materials.check_licences(components, self.RULES)

    def test_should_take_what_is_allowed_as_POMs_spell_it(self):
        taken = component("one", "Apache-2.0"), component("other", "apache license 2"), component("silent")

        self.assertEqual(self.refused(*taken), [])

    def test_should_refuse_other_licences_and_none(self):
        refused = self.refused(component("gpl", "GPL-3.0-only"), component("both", "Apache-2.0", "AGPL-3.0-only"), component("none"))

        self.assertEqual(len(refused), 3)
        self.assertIn("org.example:gpl is under GPL-3.0-only", refused[0])

    def test_should_take_the_GPL_only_where_it_is_named_beside_another(self):
        exception = "GPL-2.0-with-classpath-exception"

        self.assertEqual(self.refused(component("dual", "EPL-2.0", exception)), [])
        self.assertEqual(len(self.refused(component("dual", exception), component("unnamed", "EPL-2.0", exception))), 2)


class BomTest(unittest.TestCase):
    def test_should_tell_what_is_missing_on_either_side(self):
        bom = [component("both"), component("natives", classifier="linux-x86_64"), component("left-out"), component("bom-only")]
        there = {"org.example.both-1.0.jar": None, "org.example.natives-1.0-linux-x86_64.jar": None, "org.example.new-2.jar": None}

        self.assertEqual(
            materials.check_bom(bom, there, {"org.example.left-out-1.0.jar": "why"}),
            [
                "org.example.new-2.jar is in the archive and not in the SBOM",
                "org.example.bom-only-1.0.jar is in the SBOM and not in the archive",
            ],
        )


class NativesTest(unittest.TestCase):
    CONFIGURATION = "--prefix=.. --enable-version3 --enable-libopus"

    def refused(self, configuration, **rules):
        with tempfile.TemporaryDirectory() as directory:
            jar = pathlib.Path(directory) / "ffmpeg.jar"
            with zipfile.ZipFile(jar, "w") as write:
                write.writestr("org/bytedeco/ffmpeg/linux-x86_64/libavutil.so.60", f"\0{configuration}\0")
            natives = {"org.bytedeco.ffmpeg": {"FFmpeg": "LGPL-3.0-or-later"}}
            given = {"allowed": ["LGPL-3.0-or-later"], "exceptions": {}, "natives": natives, "ffmpeg": {"libopus": ["Opus", "LGPL-3.0-or-later"]}}
            return materials.check_natives({"org.bytedeco.ffmpeg-8.1-linux-x86_64.jar": jar}, given | rules)

    def test_should_take_what_is_named(self):
        self.assertEqual(self.refused(self.CONFIGURATION), [])

    def test_should_refuse_FFmpeg_under_the_GPL_or_with_what_nobody_named(self):
        self.assertEqual(len(self.refused(self.CONFIGURATION + " --enable-gpl --enable-libx264")), 2)

    def test_should_refuse_native_libraries_that_nobody_named(self):
        self.assertEqual(len(self.refused(self.CONFIGURATION, natives={})), 1)


class RecordedBytecodeTest(unittest.TestCase):
    def test_should_number_keys_by_the_order_in_which_classes_name_them(self):
        numbers = {}

        first = recorded_bytecode.renumber(classfile(b"a", b"proxykey71", b"proxykey7", b"proxykeys"), numbers)
        second = recorded_bytecode.renumber(classfile(b"proxykey7"), numbers)

        self.assertEqual(first, classfile(b"a", b"proxykey1", b"proxykey2", b"proxykeys"))
        self.assertEqual(second, classfile(b"proxykey2"))

    def test_should_leave_all_else_of_the_jar(self):
        with tempfile.TemporaryDirectory() as directory:
            source, target = folders(directory)
            with zipfile.ZipFile(source / recorded_bytecode.JAR, "w") as write:
                for name, content in (("b.class", classfile(b"proxykey3")), ("a.txt", b"proxykey3")):
                    write.writestr(zipfile.ZipInfo(name, (2026, 1, 2, 3, 4, 6)), content)

            recorded_bytecode.normalise(source, target)

            with zipfile.ZipFile(target / recorded_bytecode.JAR) as read:
                self.assertEqual(read.namelist(), ["b.class", "a.txt"])
                self.assertEqual(read.read("b.class"), classfile(b"proxykey1"))
                self.assertEqual(read.read("a.txt"), b"proxykey3")
                self.assertEqual(read.getinfo("b.class").date_time, (2026, 1, 2, 3, 4, 6))


class TransformedBytecodeTest(unittest.TestCase):
    # As Quarkus writes an index: of each jar its path, no manifest, whether it is the generated or the transformed one, its folders,
    # and of those two the entries.
    BEFORE, AFTER = b"\x00\x1fquarkus/transformed-bytecode.jar\x00\x00\x01", b"\x00\x05a.jar\x00\x00\x00\x00\x00"
    FIRST = b"\x00\x02" b"\x00\x03b/c" b"\x00\x01a" b"\x00\x00\x00\x03" b"\x00\x0bb/c/D.class" b"\x00\x07a/A.txt" b"\x00\x07a/B.txt"
    SORTED = b"\x00\x02" b"\x00\x01a" b"\x00\x03b/c" b"\x00\x00\x00\x03" b"\x00\x07a/A.txt" b"\x00\x07a/B.txt" b"\x00\x0bb/c/D.class"
    NAMES = ["b/", "b/c/", "a/", "b/c/D.class", "a/A.txt", "a/B.txt"]

    def normalise(self, directory, names, listed):
        source, target = folders(directory)
        with zipfile.ZipFile(source / transformed_bytecode.JAR, "w") as write:
            for name in names:
                write.writestr(zipfile.ZipInfo(name, (2026, 1, 2, 3, 4, 6)), "" if name.endswith("/") else name)
        (source / transformed_bytecode.INDEX).write_bytes(self.BEFORE + listed + self.AFTER)
        transformed_bytecode.normalise(source, target)
        return target

    def test_should_sort_the_classes_in_jar_and_index(self):
        with tempfile.TemporaryDirectory() as directory:
            target = self.normalise(directory, self.NAMES, self.FIRST)

            self.assertEqual((target / transformed_bytecode.INDEX).read_bytes(), self.BEFORE + self.SORTED + self.AFTER)
            with zipfile.ZipFile(target / transformed_bytecode.JAR) as read:
                self.assertEqual(read.namelist(), sorted(self.NAMES))
                self.assertEqual(read.read("b/c/D.class"), b"b/c/D.class")
                self.assertEqual(read.getinfo("b/c/D.class").date_time, (2026, 1, 2, 3, 4, 6))

    def test_should_refuse_an_index_of_other_entries(self):
        with tempfile.TemporaryDirectory() as directory, self.assertRaisesRegex(ValueError, "does not list"):
            self.normalise(directory, self.NAMES, self.SORTED)


class ArchiveTest(unittest.TestCase):
    def test_should_be_the_same_bytes_whenever_and_wherever_it_is_packed(self):
        with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
            packed = []
            for directory in map(pathlib.Path, (one, other)):
                for name in ("text2video", "a.jar", "b.jar"):
                    (directory / name).write_text(name[-4:])
                found = {"lib/y/b.jar": directory / "b.jar", "lib/x/a.jar": directory / "b.jar", "text2video": directory / "text2video"}
                archive.pack(found, "text2video-1", 1_800_000_000, directory / "packed.tar.gz")
                packed.append(directory / "packed.tar.gz")

            self.assertEqual(packed[0].read_bytes(), packed[1].read_bytes())
            with tarfile.open(packed[0]) as tar:
                entries = {entry.name: entry for entry in tar}
            self.assertEqual(entries["text2video-1/lib/y/b.jar"].linkname, "text2video-1/lib/x/a.jar")
            self.assertEqual(entries["text2video-1/text2video"].mode, 0o755)

    def test_should_name_what_differs(self):
        with tempfile.TemporaryDirectory() as directory:
            packed = []
            for content in ("one", "two"):
                file = pathlib.Path(directory) / content
                file.write_text(content)
                packed.append(file.with_suffix(".tar.gz"))
                archive.pack({"same": pathlib.Path(__file__), "differing": file}, "top", 1_800_000_000, packed[-1])

            self.assertEqual(compare.differences(*packed), (["top/differing"], {}))


class ReorderedTest(unittest.TestCase):
    def jar(self, body):
        with tempfile.TemporaryDirectory() as directory:
            source = pathlib.Path(directory) / "Generated.java"
            source.write_text("class Generated { static void run(java.util.List<String> list) { %s } }" % body)
            subprocess.run(["javac", "-d", directory, source], check=True)
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w") as write:
                write.writestr("Generated.class", source.with_suffix(".class").read_bytes())
            return out.getvalue()

    def test_should_pass_over_the_order_of_statements_alone(self):
        one = self.jar('list.add("proxykey1"); list.add("b"); list.add("c");')

        self.assertEqual(compare.reordered(compare.GENERATED, one, self.jar('list.add("c"); list.add("proxykey22"); list.add("b");')), ["Generated.class"])
        self.assertIsNone(compare.reordered(compare.GENERATED, one, self.jar('list.add("c"); list.add("d"); list.add("b");')))
        self.assertIsNone(compare.reordered(compare.GENERATED, one, self.jar('list.add("c"); list.add("proxykey22");')))

    def test_should_pass_over_the_order_of_an_index_of_own_classes_alone(self):
        def jar(**entries):
            packed = io.BytesIO()
            with zipfile.ZipFile(packed, "w") as made:
                for name, content in entries.items():
                    made.writestr(zipfile.ZipInfo(compare.INDEX if name == "index" else name), content)
            return packed.getvalue()

        one, other = jar(A="a", index="A B"), jar(A="a", index="B A")
        self.assertEqual(compare.reordered("t/lib/main/io.text2video.common.jar", one, other), [compare.INDEX])
        self.assertIsNone(compare.reordered("t/lib/main/org.example.jar", one, other))
        self.assertIsNone(compare.reordered("t/lib/main/io.text2video.common.jar", one, jar(A="b", index="B A")))

    def test_should_pass_over_the_digests_of_own_jars_alone(self):
        def bom(group, digest):
            return json.dumps({"serialNumber": digest, "components": [{"group": group, "hashes": [digest]}]})

        self.assertTrue(compare.reordered("t/bom.json", bom("io.text2video", "1"), bom("io.text2video", "2")))
        self.assertIsNone(compare.reordered("t/bom.json", bom("org.example", "1"), bom("org.example", "2")))


class RulesTest(unittest.TestCase):
    def test_should_say_where_each_licence_is_said_and_why_a_jar_is_left_out(self):
        rules = json.loads((materials.HERE / "licences.json").read_text(encoding="utf-8"))

        self.assertTrue(all(said["where"] for said in rules["said_elsewhere"].values()))
        self.assertTrue(all(rules["not_packaged"].values()) and all(rules["exceptions"].values()))
        self.assertFalse([licence for licence in rules["allowed"] if licence.startswith(("GPL", "AGPL"))])


if __name__ == "__main__":
    unittest.main()
