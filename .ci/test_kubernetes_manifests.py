"""Whatever is broken in a manifest is found: each test breaks one thing of a rendered overlay, which is fine as it is.

RENDERED names the overlay's file, DEFINITIONS those of its custom resources, DOCUMENTED the page with the table of variables.
"""

import copy
import os
import unittest

import kubernetes_manifests as manifests

VERSIONS = ["1.34"]


class BrokenManifestsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.rendered = list(manifests.documents_in(os.environ["RENDERED"]))
        cls.definitions = manifests.Definitions(
            [crd for file in os.environ["DEFINITIONS"].split(":") for crd in manifests.documents_in(file)]
        )
        cls.documented = manifests.documented_in(os.environ["DOCUMENTED"])

    def setUp(self):
        self.documents = copy.deepcopy(self.rendered)

    def document(self, kind, name):
        return next(each for each in self.documents if each["kind"] == kind and each["metadata"]["name"] == name)

    def worker(self):
        return self.document("Deployment", "worker")["spec"]["template"]["spec"]

    def problems(self, documents=None):
        return manifests.problems_of(documents or self.documents, VERSIONS, self.definitions, self.documented, False)

    def assert_found(self, *parts):
        found = self.problems()
        self.assertTrue(
            any(all(part in problem for part in parts) for problem in found), f"{parts} in none of {found}"
        )

    def test_should_find_nothing_in_what_is_fine(self):
        self.assertEqual([], self.problems())

    def test_should_refuse_a_misspelt_field_of_kubernetes_own(self):
        self.worker()["containers"][0]["readinesProbe"] = {}
        self.assert_found("Deployment worker", "Kubernetes 1.34", "readinesProbe")

    def test_should_refuse_a_wrong_type(self):
        self.document("PodDisruptionBudget", "gateway")["spec"]["minAvailable"] = True
        self.assert_found("PodDisruptionBudget gateway", "minAvailable")

    def test_should_refuse_a_version_that_kubernetes_no_longer_has(self):
        self.document("PodDisruptionBudget", "gateway")["apiVersion"] = "policy/v1beta1"
        self.assert_found("PodDisruptionBudget", "policy/v1beta1")

    def test_should_refuse_a_kind_that_nobody_knows(self):
        self.document("ScaledObject", "worker")["kind"] = "ScaleObject"
        self.assert_found("ScaleObject worker", "Couldn't find schema")

    def test_should_refuse_a_misspelt_field_of_a_scaled_object(self):
        self.document("ScaledObject", "worker")["spec"]["cooldownPeriods"] = 60
        self.assert_found("ScaledObject worker", "spec", "cooldownPeriods")

    def test_should_refuse_a_wrong_type_in_a_scaled_object(self):
        self.document("ScaledObject", "worker")["spec"]["maxReplicaCount"] = "10"
        self.assert_found("ScaledObject worker", "spec.maxReplicaCount", "'10' is not of type 'integer'")

    def test_should_refuse_a_triggers_number_that_is_no_text(self):
        self.document("ScaledObject", "worker")["spec"]["triggers"][0]["metadata"]["targetValue"] = 1
        self.assert_found("ScaledObject worker", "spec.triggers[0].metadata.targetValue")

    def test_should_refuse_a_misspelt_field_in_the_pod_of_a_scaled_job(self):
        job = self.document("ScaledJob", "worker-long")["spec"]["jobTargetRef"]
        job["template"]["spec"]["containers"][0]["imagePullPolice"] = "Always"
        self.assert_found("ScaledJob worker-long", "containers[0]", "imagePullPolice")

    def test_should_refuse_a_wrong_type_in_a_topic(self):
        self.document("KafkaTopic", "video.jobs")["spec"]["partitions"] = "four"
        self.assert_found("KafkaTopic video.jobs", "spec.partitions")

    def test_should_refuse_a_misspelt_field_of_a_topic(self):
        self.document("KafkaTopic", "video.jobs")["spec"]["partition"] = 4
        self.assert_found("KafkaTopic video.jobs", "partition")

    def test_should_refuse_an_operation_that_kafka_does_not_have(self):
        self.document("KafkaUser", "worker")["spec"]["authorization"]["acls"][0]["operations"] = ["Reed"]
        self.assert_found("KafkaUser worker", "acls[0].operations[0]", "Reed")

    def test_should_refuse_a_misspelt_field_of_a_broker(self):
        self.document("Kafka", "text2video")["spec"]["kafka"]["listeners"][0]["tsl"] = True
        self.assert_found("Kafka text2video", "spec.kafka.listeners[0]", "tsl")

    def test_should_refuse_a_topic_of_no_cluster(self):
        self.document("KafkaTopic", "video.jobs")["metadata"]["labels"]["strimzi.io/cluster"] = "other"
        self.assert_found("KafkaTopic video.jobs", "Kafka other")

    def test_should_refuse_a_misspelt_field_of_a_pod_monitor(self):
        self.document("PodMonitor", "worker")["spec"]["podMetricsEndpoints"][0]["intervall"] = "15s"
        self.assert_found("PodMonitor worker", "spec.podMetricsEndpoints[0]", "intervall")

    def test_should_refuse_a_time_that_is_none_in_an_alert(self):
        self.document("PrometheusRule", "text2video")["spec"]["groups"][0]["rules"][0]["for"] = "5 minutes"
        self.assert_found("PrometheusRule text2video", "spec.groups[0].rules[0].for", "5 minutes")

    def test_should_refuse_to_watch_a_port_that_no_pod_has(self):
        self.document("PodMonitor", "gateway")["spec"]["podMetricsEndpoints"][0]["port"] = "metrics"
        self.assert_found("PodMonitor gateway", "port metrics")

    def test_should_refuse_to_watch_nobody(self):
        self.document("PodMonitor", "gateway")["spec"]["selector"]["matchLabels"] = {"app": "gateway"}
        self.assert_found("PodMonitor gateway", "selects no pod")

    def test_should_refuse_a_watched_job_without_a_name(self):
        self.document("PodMonitor", "gateway")["spec"]["jobLabel"] = "app"
        self.assert_found("PodMonitor gateway", "label app")

    def test_should_refuse_a_variable_that_is_documented_nowhere(self):
        self.worker()["containers"][0]["env"].append({"name": "WORKER_POOOL", "value": "large"})
        self.assert_found("Deployment worker", "WORKER_POOOL")

    def test_should_refuse_a_setting_that_is_documented_nowhere(self):
        self.document("ConfigMap", "text2video")["data"]["S3_BUKET"] = "videos"
        self.assert_found("ConfigMap text2video", "S3_BUKET")

    def test_should_refuse_a_secret_with_a_value(self):
        secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "x"}, "stringData": {"key": "value"}}
        self.documents.append(secret)
        self.assert_found("Secret x", "value")

    def test_should_refuse_a_secret_setting_with_a_value(self):
        self.worker()["containers"][0]["env"].append({"name": "KAFKA_SSL_KEYSTORE_PASSWORD", "value": "changeit"})
        self.assert_found("Deployment worker", "KAFKA_SSL_KEYSTORE_PASSWORD", "take it from a secret")

    def test_should_refuse_rights(self):
        role = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "x"}, "rules": []}
        self.documents.append(role)
        self.assert_found("Role x", "rights")

    def test_should_refuse_an_account_that_is_not_there(self):
        self.worker()["serviceAccountName"] = "works"
        self.assert_found("Deployment worker", "ServiceAccount works")

    def test_should_refuse_an_ingress_to_nowhere(self):
        paths = self.document("Ingress", "gateway")["spec"]["rules"][0]["http"]["paths"]
        paths[0]["backend"]["service"]["name"] = "gatway"
        self.assert_found("Ingress gateway", "Service gatway")

    def test_should_refuse_a_policy_for_no_pod(self):
        policy = self.document("NetworkPolicy", "worker")
        policy["spec"]["podSelector"]["matchLabels"]["app.kubernetes.io/component"] = "workers"
        self.assert_found("NetworkPolicy worker", "selects no pod")

    def test_should_refuse_a_port_that_no_pod_has(self):
        self.document("Service", "gateway")["spec"]["ports"][0]["targetPort"] = "web"
        self.assert_found("Service gateway", "port web")

    def test_should_refuse_a_probe_of_a_port_that_is_not_there(self):
        self.worker()["containers"][0]["livenessProbe"]["httpGet"]["port"] = "web"
        self.assert_found("Deployment worker", "livenessProbe", "web")

    def test_should_refuse_less_time_to_leave_than_a_worker_takes(self):
        self.worker()["terminationGracePeriodSeconds"] = 60
        self.assert_found("Deployment worker", "terminationGracePeriodSeconds must be 110 at least")

    def test_should_refuse_what_may_write_to_its_root(self):
        self.worker()["containers"][0]["securityContext"]["readOnlyRootFilesystem"] = False
        self.assert_found("Deployment worker", "readOnlyRootFilesystem")

    def test_should_refuse_capabilities(self):
        self.worker()["containers"][0]["securityContext"]["capabilities"] = {"drop": ["ALL"], "add": ["SYS_NICE"]}
        self.assert_found("Deployment worker", "capabilities")

    def test_should_refuse_a_mounted_token(self):
        self.worker()["automountServiceAccountToken"] = True
        self.assert_found("Deployment worker", "automountServiceAccountToken")


if __name__ == "__main__":
    unittest.main()
