"""Checks what kustomize has rendered: every field against the schemas of several versions of Kubernetes, custom resources against their
own definitions, and what no schema knows: that what is named is there, and the rules of this repository.

usage: kubernetes_manifests.py [--kubernetes VERSION]... [--definitions FILE]... --documented PAGE [--secrets-allowed] RENDERED
"""

import argparse
import functools
import re
import sys

import jsonschema
import kubernetes_validate
import kubernetes_validate.utils
import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# The definitions of a version are read once, not for each document.
kubernetes_validate.utils.schema_contents = functools.cache(kubernetes_validate.utils.schema_contents)

OWN_IMAGES = "text2video/"
VARIABLE = re.compile(r"`([A-Z][A-Z0-9_]*\*?)`")
DURATION = re.compile(r"(\d+)(ms|s|m|h)")


class Definitions:
    """Custom resources, by their own definitions."""

    def __init__(self, definitions):
        self.schemas = {}
        for crd in definitions:
            spec = crd["spec"]
            for version in spec["versions"]:
                key = (spec["group"] + "/" + version["name"], spec["names"]["kind"])
                schema = strict(version["schema"]["openAPIV3Schema"])
                # Neither is what a definition says of them: the API server's own rules hold for metadata.
                schema["properties"].update(apiVersion={"type": "string"}, kind={"type": "string"}, metadata={})
                self.schemas[key] = jsonschema.Draft4Validator(schema)

    def problems(self, document):
        validator = self.schemas.get((document["apiVersion"], document["kind"]))
        if validator is None:
            return None
        return [f"{path(error.absolute_path)}: {error.message[:300]}" for error in validator.iter_errors(document)]


def strict(schema):
    """As the API server has it, which refuses (kubectl's --validate=strict) what a definition does not name."""
    result = dict(schema)
    if "properties" in schema:
        result["properties"] = {name: strict(value) for name, value in schema["properties"].items()}
    if isinstance(schema.get("items"), dict):
        result["items"] = strict(schema["items"])
    if isinstance(schema.get("additionalProperties"), dict):
        result["additionalProperties"] = strict(schema["additionalProperties"])
    elif schema.get("type") == "object" and not schema.get("x-kubernetes-preserve-unknown-fields"):
        result.setdefault("additionalProperties", False)
    if schema.get("x-kubernetes-int-or-string"):
        result.pop("type", None)
        result.setdefault("anyOf", [{"type": "integer"}, {"type": "string"}])
    if schema.get("nullable") and "type" in result:
        result["type"] = [result["type"], "null"]
    return result


def path(parts):
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts).lstrip(".") or "(top)"


def schema_problems(document, versions, definitions):
    problems = definitions.problems(document)
    if problems is not None:
        return problems
    problems = []
    for version in versions:
        try:
            kubernetes_validate.validate(document, version, strict=True)
        except kubernetes_validate.ValidationError as error:
            problems.append(f"Kubernetes {version}: {path(error.absolute_path)}: {error.message[:300]}")
        except kubernetes_validate.SchemaNotFoundError as error:
            problems.append(error.message)
    return problems


def pod_templates(document):
    """The templates of pods in it, whatever makes them."""
    if isinstance(document, dict):
        for key, value in document.items():
            if key == "template" and isinstance(value, dict) and "containers" in value.get("spec", {}):
                yield value
            else:
                yield from pod_templates(value)


def containers(template):
    return template["spec"].get("initContainers", []) + template["spec"]["containers"]


def seconds(text):
    return sum(int(amount) * {"ms": 0.001, "s": 1, "m": 60, "h": 3600}[unit] for amount, unit in DURATION.findall(text))


def value_of(container, variable, default):
    return next((each["value"] for each in container.get("env", []) if each["name"] == variable), default)


class Fleet:
    """One rendered overlay."""

    def __init__(self, documents, documented, secrets_allowed):
        self.documents = documents
        self.documented = documented
        self.secrets_allowed = secrets_allowed
        self.names = {(each["kind"], each["metadata"]["name"]) for each in documents}
        self.settings = {
            source["configMapRef"]["name"]
            for template in self.templates()
            for container in containers(template)
            for source in container.get("envFrom", [])
        }

    def problems(self):
        for document in self.documents:
            where = f"{document['kind']} {document['metadata']['name']}"
            for problem in self.of_document(document):
                yield f"{where}: {problem}"

    def of_document(self, document):
        kind = document["kind"]
        if kind == "Secret" and not self.secrets_allowed and (document.get("data") or document.get("stringData")):
            yield "holds a secret's value: refer to one that the operator makes"
        if kind in ("Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"):
            yield "gives rights: nothing of the fleet asks the API server for anything"
        if kind == "ServiceAccount" and document.get("automountServiceAccountToken") is not False:
            yield "its token is mounted: automountServiceAccountToken must be false"
        if kind == "ConfigMap" and document["metadata"]["name"] in self.settings:
            yield from self.undocumented(document.get("data", {}))
        if kind == "Service":
            yield from self.selected(document["spec"]["selector"], document["spec"]["ports"])
        if kind in ("PodDisruptionBudget", "NetworkPolicy"):
            yield from self.selecting(document, kind)
        if kind == "PodMonitor":
            yield from self.watching(document["spec"])
        if kind == "Ingress":
            for rule in document["spec"]["rules"]:
                for route in rule["http"]["paths"]:
                    yield from self.missing("Service", route["backend"]["service"]["name"])
        if kind == "ScaledObject":
            yield from self.missing("Deployment", document["spec"]["scaleTargetRef"]["name"])
        if kind in ("KafkaTopic", "KafkaUser", "KafkaNodePool"):
            yield from self.missing("Kafka", document["metadata"].get("labels", {}).get("strimzi.io/cluster"))
        for template in pod_templates(document):
            yield from self.of_template(template)

    def missing(self, kind, name):
        if (kind, name) not in self.names:
            yield f"names the {kind} {name}, which is not here"

    def of_template(self, template):
        spec = template["spec"]
        own = [each for each in containers(template) if each["image"].startswith(OWN_IMAGES)]
        if spec.get("automountServiceAccountToken") is not False:
            yield "mounts a token: automountServiceAccountToken must be false"
        if spec.get("enableServiceLinks") is not False:
            yield "enableServiceLinks must be false: Kafka's clients would take KAFKA_PORT and the like for their own"
        if not spec.get("securityContext", {}).get("runAsNonRoot"):
            yield "runAsNonRoot must be true"
        if spec.get("securityContext", {}).get("seccompProfile", {}).get("type") != "RuntimeDefault":
            yield "seccompProfile must be RuntimeDefault"
        for container in containers(template):
            context = container.get("securityContext", {})
            if context.get("allowPrivilegeEscalation") is not False or context.get("capabilities") != {"drop": ["ALL"]}:
                yield f"container {container['name']}: no escalation, and all capabilities dropped"
            if "limits" not in container.get("resources", {}) or "memory" not in container["resources"]["limits"]:
                yield f"container {container['name']}: a limit of memory"
            mounted = {mount["name"] for mount in container.get("volumeMounts", [])}
            for volume in mounted - {volume["name"] for volume in spec.get("volumes", [])}:
                yield f"container {container['name']} mounts {volume}, which is no volume"
        for container in own:
            yield from self.of_own_container(container, spec)
        if own:
            if spec["securityContext"].get("runAsUser") != 10001:
                yield "runAsUser must be the images' own, 10001"
            yield from self.missing("ServiceAccount", spec.get("serviceAccountName"))
        if "priorityClassName" in spec:
            yield from self.missing("PriorityClass", spec["priorityClassName"])
        for volume in spec.get("volumes", []):
            if "persistentVolumeClaim" in volume:
                yield from self.missing("PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"])
            if "configMap" in volume:
                yield from self.missing("ConfigMap", volume["configMap"]["name"])

    def of_own_container(self, container, spec):
        name = container["name"]
        if not container.get("securityContext", {}).get("readOnlyRootFilesystem"):
            yield f"container {name}: readOnlyRootFilesystem must be true"
        if "/tmp" not in {mount["mountPath"] for mount in container.get("volumeMounts", [])}:
            yield f"container {name} has no /tmp to write to"
        yield from self.undocumented({each["name"]: each.get("value") for each in container.get("env", [])})
        for source in container.get("envFrom", []):
            yield from self.missing("ConfigMap", source["configMapRef"]["name"])
        for each in container.get("env", []):
            if re.search(r"SECRET|KEY$|TOKEN|PASSWORD|JAAS", each["name"]) and "value" in each:
                yield f"container {name}: {each['name']} has its value here: take it from a secret"
        ports = {port["name"] for port in container.get("ports", [])}
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            port = container.get(probe, {}).get("httpGet", {}).get("port")
            if port is not None and port not in ports:
                yield f"container {name}: {probe} asks port {port}, which it does not have"
        needed = {
            "worker": seconds(value_of(container, "WORKER_STOP_GRACE", "25s")) + 20,
            "gateway": seconds(value_of(container, "SHUTDOWN_NOTICE", "0s"))
            + seconds(value_of(container, "QUARKUS_SHUTDOWN_TIMEOUT", "15s"))
            + 10,
        }.get(name, 0)
        if spec.get("terminationGracePeriodSeconds", 30) < needed:
            yield f"terminationGracePeriodSeconds must be {needed:g} at least: the {name} takes as long to leave"

    def undocumented(self, variables):
        for name in variables:
            if not any(name == each or each.endswith("*") and name.startswith(each[:-1]) for each in self.documented):
                yield f"sets {name}, which the table of docs/05-deployment.md does not name"

    def templates(self):
        return [template for document in self.documents for template in pod_templates(document)]

    def selected(self, labels, ports):
        templates = [each for each in self.templates() if matches(each["metadata"]["labels"], {"matchLabels": labels})]
        if not templates:
            yield f"selects {labels}, which no pod has"
        for port in ports:
            target = port.get("targetPort", port["port"])
            for template in templates:
                if isinstance(target, str) and target not in port_names(template):
                    yield f"sends to port {target}, which its pods do not have"

    def selecting(self, document, kind):
        spec = document["spec"]
        selector = spec["selector" if kind == "PodDisruptionBudget" else "podSelector"]
        templates = [each for each in self.templates() if matches(each["metadata"]["labels"], selector)]
        if not templates:
            yield "selects no pod"
        for rule in spec.get("ingress", []):
            for port in rule.get("ports", []):
                if isinstance(port["port"], str) and not any(port["port"] in port_names(each) for each in templates):
                    yield f"lets in to port {port['port']}, which its pods do not have"

    def watching(self, spec):
        templates = [each for each in self.templates() if matches(each["metadata"]["labels"], spec["selector"])]
        if not templates:
            yield "selects no pod"
        for template in templates:
            if spec.get("jobLabel") not in template["metadata"]["labels"]:
                yield f"names the job by the label {spec.get('jobLabel')}, which its pods do not have"
            for endpoint in spec["podMetricsEndpoints"]:
                if endpoint["port"] not in port_names(template):
                    yield f"asks port {endpoint['port']}, which its pods do not have"


def port_names(template):
    return {port["name"] for container in containers(template) for port in container.get("ports", [])}


def matches(labels, selector):
    if any(labels.get(key) != value for key, value in selector.get("matchLabels", {}).items()):
        return False
    return all(
        rule["operator"] == "In" and labels.get(rule["key"]) in rule["values"]
        for rule in selector.get("matchExpressions", [])
    )


def problems_of(documents, versions, definitions, documented, secrets_allowed):
    """Every problem of one rendered overlay, a line each."""
    found = []
    for document in documents:
        where = f"{document['kind']} {document['metadata']['name']}"
        found += [f"{where}: {problem}" for problem in schema_problems(document, versions, definitions)]
    # Of what has not the form that it should, nothing else can be told.
    return found or list(Fleet(documents, documented, secrets_allowed).problems())


def documented_in(file):
    """The variables of the table in that page; those that end with a star stand for all that begin so."""
    with open(file, encoding="utf-8") as page:
        table = page.read().split("## Environment variables", 1)[1].split("\n## ", 1)[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in VARIABLE.findall(row)}


def documents_in(file):
    with open(file, encoding="utf-8") as source:
        for document in yaml.load_all(source, LOADER):
            yield from document["items"] if document["kind"] == "List" else [document]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kubernetes", action="append", default=[])
    parser.add_argument("--definitions", action="append", default=[])
    parser.add_argument("--documented", required=True)
    parser.add_argument("--secrets-allowed", action="store_true")
    parser.add_argument("rendered")
    options = parser.parse_args()
    definitions = Definitions([crd for file in options.definitions for crd in documents_in(file)])
    documents = list(documents_in(options.rendered))
    documented = documented_in(options.documented)
    found = problems_of(documents, options.kubernetes, definitions, documented, options.secrets_allowed)
    print("\n".join(found))
    sys.exit(1 if found or not documents else 0)


if __name__ == "__main__":
    main()
