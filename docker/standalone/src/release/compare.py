#!/usr/bin/env python3
"""Compares two archives of the same sources, and names what differs.

All must be the same bytes but for classes that Quarkus generates: it writes some of their statements in the order in which its
threads came to them, which differs from build to build (mended upstream after the version used here: quarkusio/quarkus#53025,
#53364, #54363). Of those, what javap shows must be the same but for the order of lines, and numbers that follow from it. And but
for the index of a jar's own classes, which lists them as the file system does, with that jar's digests in bom.json.
usage: compare.py ONE.tar.gz OTHER.tar.gz
"""

import collections
import io
import json
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile

GENERATED = "quarkus/generated-bytecode.jar"
OWN = re.compile(r".*/lib/main/io\.text2video\.[^/]*\.jar")
INDEX = "META-INF/jandex.idx"


def entries(archive):
    """Of each entry all that tar says of it, and its bytes."""
    with tarfile.open(archive) as tar:
        for entry in tar:
            said = (entry.type, entry.mode, entry.mtime, entry.uid, entry.gid, entry.uname, entry.gname, entry.linkname)
            yield entry.name, said, tar.extractfile(entry).read() if entry.isreg() else b""


def lines(bytecode):
    """A class's fields, methods and instructions, in no order and without places and numbers."""
    with tempfile.TemporaryDirectory() as directory:
        file = pathlib.Path(directory) / "Generated.class"
        file.write_bytes(bytecode)
        shown = subprocess.run(["javap", "-p", "-c", file], check=True, capture_output=True, text=True).stdout
    shown = re.sub(r"(proxykey|configClass\$)\d+", r"\1", shown)
    shown = re.sub(r"^ *\d+: (\w+?)(_[0-3])?(_w)?( .*?)?(?= //|$)", r"\1", shown, flags=re.MULTILINE)
    return collections.Counter(line.strip() for line in shown.splitlines())


def reordered(name, one, other):
    """What of two entries differs in order alone; None where more differs."""
    if name.endswith("/bom.json"):
        return ["digests of this project's own jars"] if undigested(one) == undigested(other) else None
    if not name.endswith(GENERATED) and not OWN.fullmatch(name):
        return None
    with zipfile.ZipFile(io.BytesIO(one)) as first, zipfile.ZipFile(io.BytesIO(other)) as second:
        if first.namelist() != second.namelist():
            return None
        differing = [each for each in first.namelist() if first.read(each) != second.read(each)]
        if OWN.fullmatch(name):
            return differing if differing == [INDEX] else None
        same = all(each.endswith(".class") and lines(first.read(each)) == lines(second.read(each)) for each in differing)
        return differing if same else None


def undigested(bom):
    """An SBOM without the digests of the project's own jars, and without its serial number, which is made of it all."""
    bom = json.loads(bom)
    bom.pop("serialNumber", None)
    for component in bom["components"]:
        if component.get("group") == "io.text2video":
            component.pop("hashes", None)
    return bom


def differences(one, other):
    """Entries that differ, and those of which something differs in order alone, with what that is."""
    first, second = list(entries(one)), list(entries(other))
    if [entry[0] for entry in first] != [entry[0] for entry in second]:
        names = {entry[0] for entry in first} ^ {entry[0] for entry in second}
        return sorted(names) or ["the order of entries"], {}
    differing, in_order = [], {}
    for (name, said, content), (_, other_said, other_content) in zip(first, second):
        if (said, content) == (other_said, other_content):
            continue
        classes = reordered(name, content, other_content) if said == other_said else None
        if classes:
            in_order[name] = classes
        else:
            differing.append(name)
    return differing, in_order


def main(one, other):
    if pathlib.Path(one).read_bytes() == pathlib.Path(other).read_bytes():
        print("the same bytes")
        return
    differing, in_order = differences(one, other)
    if differing or not in_order:
        sys.exit("\n".join(["these differ between two builds of the same sources:", *(differing or ["the compression"])]))
    for name, classes in in_order.items():
        print(f"the same but for an order, {len(classes)} times, in {name}:", *classes, sep="\n  ")


if __name__ == "__main__":
    main(*sys.argv[1:])
