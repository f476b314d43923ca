package io.text2video.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.job.JobId;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.topic.DeadLetter;
import io.text2video.common.topic.Topic;
import io.text2video.embedded.FreePort;
import io.text2video.kafka.TopicInitializer;
import io.text2video.standalone.client.GatewayClient;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka over TLS and SASL, the store over https, both with a private CA: by every setting that the deployment page names. */
class SecureFleetIT {
    @TempDir
    static Path data;

    private static SecureServices services;

    @BeforeAll
    static void startServices() throws Exception {
        services = new SecureServices(data);
    }

    @AfterAll
    static void stopServices() throws Exception {
        services.close();
    }

    @Test
    void shouldDrawAJobOverTlsAndSasl() throws Exception {
        // Given a key, a gateway whose secrets lie in a file, and a worker that has them in its environment
        String key;
        try (var keys = Launched.start(
                withSecret(environment("PLAIN")), "keys", "create", "--name", "test", "--tenant", "acme")) {
            assertThat(keys.exitCode()).as(keys.err()).isZero();
            key = keys.out().strip();
        }
        int port = FreePort.find();
        Map<String, String> ofGateway = environment("SCRAM-SHA-512");
        ofGateway.put("QUARKUS_CONFIG_LOCATIONS", secrets().toString());
        ofGateway.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        ofGateway.put("GATEWAY_ACCESS", "on");
        Map<String, String> ofWorker = withSecret(environment("PLAIN"));
        ofWorker.put("S3_ACCESS_KEY", "fleet");
        ofWorker.put("S3_SECRET_KEY", SecureServices.S3_SECRET_KEY);
        ofWorker.put("QUARKUS_HTTP_PORT", "0");
        try (var gateway = Launched.start(ofGateway, "gateway");
                var worker = Launched.start(ofWorker, "worker")) {
            var client = new GatewayClient(URI.create("http://127.0.0.1:" + port), key);

            // When a video is asked for
            String id = Awaitility.await("the fleet's start")
                    .atMost(Duration.ofMinutes(2))
                    .ignoreExceptions()
                    .until(
                            () -> {
                                assertThat(gateway.isAlive() && worker.isAlive())
                                        .isTrue();
                                return client.create(Map.of("prompt", "a blue ball", "num_inference_steps", 2))
                                        .path("id")
                                        .asText();
                            },
                            any -> true);

            // Then it is drawn, stored and handed out
            Awaitility.await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> assertThat(
                            client.get(id).path("status").asText())
                    .as(worker.out() + worker.err())
                    .isEqualTo("completed"));
            Path file = data.resolve("video.mp4");
            client.download(id, file);
            assertThat(DecodedVideo.read(file).frames()).hasSize(17);

            // As it is to who has the key, and to nobody else
            String[] status = {"status", id, "--gateway", "http://127.0.0.1:" + port};
            try (var shown = Launched.start(Map.of("TEXT2VIDEO_API_KEY", key), status);
                    var refused = Launched.start(Map.of(), status)) {
                assertThat(shown.exitCode()).as(shown.err()).isZero();
                assertThat(refused.exitCode()).isEqualTo(1);
                assertThat(refused.err()).contains("this needs a key");
            }

            // And no log has a secret
            assertThat(gateway.out() + gateway.err() + worker.out() + worker.err())
                    .contains("preparing topics")
                    .doesNotContain(SecureServices.KAFKA_PASSWORD, SecureServices.S3_SECRET_KEY, key);
        }
    }

    @Test
    void shouldSayAtOnceThatThereAreNoCredentialsForTheStore() throws Exception {
        Map<String, String> environment = environment("PLAIN");
        environment.put("KAFKA_SASL_JAAS_CONFIG", SecureServices.PLAIN);
        environment.put("AWS_SHARED_CREDENTIALS_FILE", data.resolve("none").toString());
        environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/");
        environment.put("QUARKUS_HTTP_PORT", "0");
        for (String program : List.of("gateway", "worker")) {
            try (var launched = Launched.start(environment, program)) {
                assertThat(launched.exitCode()).isEqualTo(1);
                assertThat(launched.out() + launched.err())
                        .contains("cannot", "no credentials for the object store: set S3_ACCESS_KEY and S3_SECRET_KEY");
            }
        }
    }

    @Test
    void shouldReadDeadLettersAsKafkasOwnToolsDo() throws Exception {
        // Given a dead letter
        TopicInitializer.initialize(services.client(), 1, Duration.ofSeconds(30));
        JobId id = JobId.next();
        var request = new VideoRequest(VideoRequest.VERSION, id, null, "a ball", null, null, null, null);
        var original = new ConsumerRecord<>(
                Topic.REQUESTS.topicName(), 0, 7, id.toString().getBytes(UTF_8), JsonCodec.write(request));
        try (var producer =
                new KafkaProducer<>(services.client(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(DeadLetter.of(original, "given up after 3 attempts", 3))
                    .get();
        }
        Path config = data.resolve("client.properties");
        var properties = new Properties();
        properties.putAll(services.client());
        properties.remove("bootstrap.servers");
        try (Writer writer = Files.newBufferedWriter(config)) {
            properties.store(writer, null);
        }
        Map<String, String> environment = environment("PLAIN");
        environment.put("KAFKA_SASL_JAAS_CONFIG", SecureServices.PLAIN);

        // When it is read by a file of client properties, and replayed by the environment of gateways and workers
        String[] list = {
            "dead-letters", "list", "--kafka", services.bootstrapServers(), "--command-config", config.toString()
        };
        try (var listed = Launched.start(Map.of(), list);
                var replayed = Launched.start(environment, "dead-letters", "replay", "--all")) {
            // Then both are let in
            assertThat(listed.exitCode()).as(listed.err()).isZero();
            assertThat(listed.out()).contains(id.toString(), "given up after 3 attempts");
            assertThat(replayed.exitCode()).as(replayed.err()).isZero();
            assertThat(replayed.out()).contains(id + " -> ");
        }
    }

    @Test
    void shouldLetTheDoctorTellWhatKafkaLacks() throws Exception {
        // Given a topic that loses records
        TopicInitializer.initialize(services.client(), 1, Duration.ofSeconds(30));
        Map<String, String> environment = environment("PLAIN");
        environment.put("KAFKA_SASL_JAAS_CONFIG", SecureServices.PLAIN);
        setCleanup("delete");

        // When the doctor is told the broker as gateways and workers are
        try (var doctor = Launched.start(environment, "doctor")) {
            // Then it says what they would say
            assertThat(doctor.exitCode()).as(doctor.out() + doctor.err()).isEqualTo(1);
            assertThat(doctor.out().lines())
                    .anyMatch(line -> line.startsWith("BAD  kafka   video.jobs: cleanup.policy is delete, needed is"))
                    .anyMatch(line -> line.startsWith("WARN kafka") && line.contains("replication.factor is 1"))
                    .anyMatch(line -> line.startsWith("ok   kafka   " + services.bootstrapServers()));
        } finally {
            setCleanup("compact");
        }
    }

    /** All but the secrets. */
    private static Map<String, String> environment(String mechanism) {
        Map<String, String> environment = new HashMap<>();
        environment.put("KAFKA_BOOTSTRAP_SERVERS", services.bootstrapServers());
        environment.put("KAFKA_SECURITY_PROTOCOL", "SASL_SSL");
        environment.put("KAFKA_SASL_MECHANISM", mechanism);
        environment.put("KAFKA_SSL_TRUSTSTORE_TYPE", "PEM");
        environment.put("KAFKA_SSL_TRUSTSTORE_LOCATION", services.certificate());
        environment.put("S3_ENDPOINT", services.s3());
        environment.put("SSL_CERT_FILE", services.certificate());
        return environment;
    }

    private static Map<String, String> withSecret(Map<String, String> environment) {
        environment.put("KAFKA_SASL_JAAS_CONFIG", SecureServices.PLAIN);
        return environment;
    }

    private static Path secrets() throws Exception {
        return Files.writeString(
                data.resolve("fleet.properties"),
                """
                kafka.sasl.jaas.config=%s
                s3.access-key=fleet
                s3.secret-key=%s
                webhook.secret=whsec_Y2hhbmdlIG1lLCBwbGVhc2UsIG5vdyEh
                """
                        .formatted(SecureServices.SCRAM, SecureServices.S3_SECRET_KEY));
    }

    private static void setCleanup(String policy) throws Exception {
        var jobs = new ConfigResource(ConfigResource.Type.TOPIC, Topic.JOBS.topicName());
        var change = new AlterConfigOp(new ConfigEntry("cleanup.policy", policy), OpType.SET);
        try (var admin = Admin.create(services.client())) {
            admin.incrementalAlterConfigs(Map.of(jobs, List.of(change))).all().get();
        }
    }
}
