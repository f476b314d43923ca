"""Quarkus's transformed bytecode, the same wherever it is built.

Quarkus writes the classes that it changed in the order of the paths of the jars that they come from. So a build whose folder comes
before the local Maven repository, by name, differs from one whose folder comes after it. The application's index lists that jar's
folders and entries in the same order. Both mean the same in any order: Quarkus reads them into sets. Here they are sorted by name.
"""

import struct
import zipfile

JAR = "transformed-bytecode.jar"
INDEX = "quarkus-application.dat"


def text(value):
    """As java.io.DataOutput.writeUTF writes it; the names of classes that are written here are ASCII."""
    return struct.pack(">H", len(value)) + value.encode("ascii")


def indexed(names):
    """What the index says of a jar with these entries: their folders, then the entries."""
    files = [name for name in names if not name.endswith("/")]
    folders = list(dict.fromkeys(name.rpartition("/")[0] for name in files))
    return b"".join(
        [struct.pack(">H", len(folders)), *map(text, folders), struct.pack(">I", len(files)), *map(text, files)]
    )


def normalise(source, target):
    """Of an application's folder `source`, writes jar and index to the folder `target` with the jar's entries sorted in both."""
    with zipfile.ZipFile(source / JAR) as read, zipfile.ZipFile(target / JAR, "w", zipfile.ZIP_DEFLATED) as write:
        names = read.namelist()
        for name in sorted(names):
            write.writestr(read.getinfo(name), read.read(name))
    index, listed = (source / INDEX).read_bytes(), indexed(names)
    if index.count(listed) != 1:
        raise ValueError(f"{source / INDEX} does not list the entries of {JAR} as Quarkus 3.34 does")
    (target / INDEX).write_bytes(index.replace(listed, indexed(sorted(names))))
