"""What the archive is made of: that the SBOM lists its jars and no others, and that each may be passed on as it is."""

import json
import pathlib
import re
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
# What Quarkus writes at packaging. The transformed bytecode is classes of the listed jars, changed.
GENERATED = {"quarkus-run.jar", "generated-bytecode.jar", "transformed-bytecode.jar"}
NATIVE = re.compile(r"(^|/)(lib)?[^/]+\.so(\.\d+)*$")
OWN = "io.text2video"


class Refused(Exception):
    """The archive cannot be passed on; each argument is a reason."""


def name(component):
    """The jar's name as Quarkus gives it: GROUP.ARTIFACT-VERSION[-CLASSIFIER].jar."""
    classifier = re.search(r"[?&]classifier=([^&]+)", component["purl"])
    ending = f"-{classifier.group(1)}" if classifier else ""
    return f"{component['group']}.{component['name']}-{component['version']}{ending}.jar"


def jars(found):
    """Paths of the archive's jars by their names, each once, but for what Quarkus generates."""
    listed = {}
    for place, path in found.items():
        jar = pathlib.PurePosixPath(place)
        if jar.suffix == ".jar" and jar.name not in GENERATED:
            # An application's own jar is without its group.
            listed[f"{OWN}.{jar.name}" if jar.parent.name == "app" else jar.name] = path
    return listed


def check_bom(components, listed, emptied):
    """Each jar is in the SBOM and the other way round."""
    expected = {name(component) for component in components}
    return [
        *(f"{jar} is in the archive and not in the SBOM" for jar in sorted(set(listed) - expected)),
        *(f"{jar} is in the SBOM and not in the archive" for jar in sorted(expected - set(listed) - set(emptied))),
    ]


def licences(component, rules):
    """Of a component, by their SPDX ids; what no rule knows is as its POM says it."""
    key = f"{component['group']}:{component['name']}"
    if key in rules["said_elsewhere"]:
        return rules["said_elsewhere"][key]["licences"]
    said = []
    for entry in component.get("licenses", []):
        if "expression" in entry:
            said += re.split(r" OR ", entry["expression"].strip("()"))
        else:
            said.append(entry["license"].get("id") or entry["license"].get("name", ""))
    spellings = {text.lower(): spdx for spdx, texts in rules["spellings"].items() for text in texts}
    return [spellings.get(text.strip().lower(), text.strip()) for text in said]


def check_licences(components, rules):
    """Each component has an allowed licence, and no other but where it is named as one of several to choose from."""
    refused = []
    for component in components:
        key = f"{component['group']}:{component['name']}"
        said = licences(component, rules)
        others = [text for text in said if text not in rules["allowed"] and text not in rules["alternatives"].get(key, [])]
        if not said:
            refused.append(f"{key} says no licence: look for it and add it to said_elsewhere in licences.json")
        elif others or not any(text in rules["allowed"] for text in said):
            refused.append(f"{key} is under {', '.join(said)}, which licences.json does not allow")
    return refused


def natives(listed):
    """Native libraries and programs for Linux on x86-64, by the jar that brings them."""
    there = {}
    for jar, path in listed.items():
        with zipfile.ZipFile(path) as opened:
            names = [entry for entry in opened.namelist() if NATIVE.search(entry) or entry.endswith(("/ffmpeg", "/ffprobe"))]
        mine = [entry for entry in names if re.search(r"x86[-_]64|amd64", entry)]
        if mine:
            there[jar] = sorted(pathlib.PurePosixPath(entry).name for entry in mine)
    return there


def check_natives(listed, rules):
    """Of each jar with native libraries is said what they are made of, and FFmpeg is built as it says."""
    there = {artifact(jar) for jar in natives(listed)}
    said = set(rules["natives"])
    refused = [
        *(f"{jar} has native libraries, and natives in licences.json does not say of what" for jar in sorted(there - said)),
        *(f"{jar} is among natives in licences.json and has none" for jar in sorted(said - there)),
    ]
    for jar, parts in rules["natives"].items():
        for part, licence in parts.items():
            if licence not in rules["allowed"] and licence not in rules["exceptions"]:
                refused.append(f"{part} in {jar} is under {licence}, which licences.json does not allow")
    for part, licence in rules["ffmpeg"].values():
        if licence not in rules["allowed"]:
            refused.append(f"{part} in FFmpeg is under {licence}, which licences.json does not allow")
    built = ffmpeg(listed)
    if built is not None:
        wrong = [flag for flag in ("--enable-gpl", "--enable-nonfree") if flag in built]
        refused += [f"FFmpeg is built with {flag}: only its LGPL build may be passed on" for flag in wrong]
        linked = set(re.findall(r"--enable-(lib\w+|openssl)", built))
        known = set(rules["ffmpeg"])
        refused += [f"FFmpeg is linked with {lib}, and ffmpeg in licences.json does not name it" for lib in sorted(linked - known)]
        refused += [f"FFmpeg is not linked with {lib}, which ffmpeg in licences.json names" for lib in sorted(known - linked)]
    return refused


def artifact(jar):
    """GROUP.ARTIFACT of a jar."""
    return re.sub(r"-\d.*", "", jar)


def ffmpeg(listed):
    """What FFmpeg's library says of how it was configured; None where there is none."""
    for jar, path in listed.items():
        if jar.startswith("org.bytedeco.ffmpeg-") and "linux-x86_64" in jar:
            with zipfile.ZipFile(path) as opened:
                for entry in opened.namelist():
                    if "/libavutil.so" in entry:
                        return re.search(rb"--prefix=[^\0]*", opened.read(entry)).group().decode()
    return None


def notices(found):
    """THIRD-PARTY.md of the archive.

    Raises Refused where the SBOM and the archive differ, or something in it may not be passed on.
    """
    rules = json.loads((HERE / "licences.json").read_text(encoding="utf-8"))
    components = json.loads(pathlib.Path(found["bom.json"]).read_text(encoding="utf-8"))
    components = [components["metadata"]["component"], *components["components"]]
    listed = jars(found)
    refused = check_bom(components, listed, rules["not_packaged"])
    foreign = [component for component in components if component["group"] != OWN and name(component) in listed]
    refused += check_licences(foreign, rules) + check_natives(listed, rules)
    if refused:
        raise Refused(*refused)
    lines = ["# Third-party software", "", rules["preface"], "", "| jar | licence |", "|---|---|"]
    for component in sorted(foreign, key=name):
        lines.append(f"| {name(component)} | {' or '.join(licences(component, rules))} |")
    lines += ["", "## Native libraries in them", "", "| in | is | licence |", "|---|---|---|"]
    for jar, parts in sorted(rules["natives"].items()):
        lines += [f"| {jar} | {part} | {licence} |" for part, licence in sorted(parts.items())]
    for lib, (part, licence) in sorted(rules["ffmpeg"].items()):
        lines.append(f"| org.bytedeco.ffmpeg | {part} ({lib}) | {licence} |")
    return "\n".join(lines) + "\n"
