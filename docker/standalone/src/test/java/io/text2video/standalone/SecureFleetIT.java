package io.text2video.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.job.JobId;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.topic.DeadLetter;
import io.text2video.common.topic.Topic;
import io.text2video.kafka.TopicInitializer;
import io.text2video.standalone.client.GatewayClient;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpResponse;
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
    private static final String HSTS = "Strict-Transport-Security";

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

    /** With all that it tells at {@code DEBUG}, which operators turn on, and send to others. */
    @Test
    void shouldDrawAJobOverTlsAndSaslAndLogNoSecret() throws Exception {
        // Given a key, a gateway whose secrets lie in a file, and a worker that has them in its environment, each a
        // user of its own
        String key;
        try (var keys = Launched.start(
                withSecret(environment("PLAIN"), "key-keeper"),
                "keys",
                "create",
                "--name",
                "test",
                "--tenant",
                "acme")) {
            assertThat(keys.exitCode()).as(keys.err()).isZero();
            key = keys.out().strip();
        }
        var at = new SecureGateway();
        Path debugging = SecureGateway.debugging(data);
        Map<String, String> ofGateway = environment("SCRAM-SHA-512");
        ofGateway.putAll(at.environment());
        ofGateway.put("QUARKUS_CONFIG_LOCATIONS", SecureGateway.secrets(data, services.ca()) + "," + debugging);
        Map<String, String> ofWorker = withSecret(environment("PLAIN"), "worker");
        ofWorker.put("KAFKA_SSL_TRUSTSTORE_TYPE", "PKCS12");
        ofWorker.put(
                "KAFKA_SSL_TRUSTSTORE_LOCATION", services.ca().serverKeyStore().toString());
        ofWorker.put("KAFKA_SSL_TRUSTSTORE_PASSWORD", PrivateCa.PASSWORD);
        ofWorker.put("S3_ACCESS_KEY", "fleet");
        ofWorker.put("S3_SECRET_KEY", SecureServices.S3_SECRET_KEY);
        ofWorker.put("QUARKUS_HTTP_PORT", "0");
        ofWorker.put("QUARKUS_CONFIG_LOCATIONS", debugging.toString());
        try (var writer = new LanguageModel();
                var gateway = Launched.start(ofGateway, "gateway");
                var worker = Launched.start(with(writer.environment(Canaries.ENHANCER_KEY), ofWorker), "worker");
                var receiver = new FailingReceiver()) {
            var client = new GatewayClient(at.plain, key);
            Map<String, String> webhook =
                    Map.of("url", receiver.url() + "?token=" + Canaries.URL_TOKEN, "secret", Canaries.JOB_SECRET);
            Map<String, Object> wanted = Map.of(
                    "prompt", "a blue ball", "num_inference_steps", 2, "enhance_prompt", true, "webhook", webhook);

            // When a video is asked for
            String id = Awaitility.await("the fleet's start")
                    .atMost(Duration.ofMinutes(4))
                    .ignoreExceptions()
                    .until(
                            () -> {
                                assertThat(gateway.isAlive() && worker.isAlive())
                                        .isTrue();
                                return client.create(wanted).path("id").asText();
                            },
                            any -> true);

            // Then it is drawn, in the language model's words, stored and handed out
            Awaitility.await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> assertThat(
                            client.get(id).path("status").asText())
                    .isEqualTo("completed"));
            assertThat(client.get(id).path("enhanced_prompt").asText()).isEqualTo(LanguageModel.CAPTION);
            assertThat(writer.authorizations).containsExactly("Bearer " + Canaries.ENHANCER_KEY);
            Path file = data.resolve("video.mp4");
            client.download(id, file);
            assertThat(DecodedVideo.read(file).frames()).hasSize(17);

            // As it is to who has the key, and to nobody else
            String[] status = {"status", id, "--gateway", at.plain.toString()};
            try (var shown = Launched.start(Map.of("TEXT2VIDEO_API_KEY", key), status);
                    var refused = Launched.start(Map.of(), status)) {
                assertThat(shown.exitCode()).as(shown.err()).isZero();
                assertThat(refused.exitCode()).isEqualTo(1);
                assertThat(refused.err()).contains("this needs a key");
            }

            // And who comes by TLS is told to stay with it, and by which name a proxy was asked
            var tls = new TlsClient(services.ca().certificate());
            checkTls(tls, at, key, receiver.url());

            // And when it has taken and refused what holds secrets, no log has one
            sendSecrets(tls, at.tls, key);
            Awaitility.await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> assertThat(gateway.out())
                    .contains("webhook given up job=" + id, "type=video.queued"));
            for (Launched program : List.of(gateway, worker)) {
                List<String> log = (program.out() + program.err()).lines().toList();
                assertThat(log.stream().filter(line -> line.contains(" DEBUG [NetworkClient] ")))
                        .isNotEmpty();
                assertThat(log.stream().filter(line -> line.contains(key) || Canaries.isIn(line)))
                        .isEmpty();
            }
        }
    }

    @Test
    void shouldSayAtOnceThatThereAreNoCredentialsForTheStore() throws Exception {
        Map<String, String> environment = environment("PLAIN");
        environment.put("KAFKA_SASL_JAAS_CONFIG", SecureServices.PLAIN);
        environment.put("AWS_SHARED_CREDENTIALS_FILE", data.resolve("none").toString());
        environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/");
        environment.put("QUARKUS_HTTP_PORT", "0");
        environment.put("QUARKUS_MANAGEMENT_PORT", "0");
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

    /** Each of its requests is for a video whose call is to be signed by the gateway's own secrets. */
    private static void checkTls(TlsClient client, SecureGateway at, String key, String receiver) throws Exception {
        String body =
                """
                {"prompt": "a blue ball", "num_inference_steps": 1, "webhook": {"url": "%s", "events": ["video.queued"]}}
                """
                        .formatted(receiver);
        String forwardedHost = "X-Forwarded-Host";
        HttpResponse<String> secure = client.post(at.tls, key, body);
        assertThat(secure.statusCode()).as(secure.body()).isEqualTo(202);
        assertThat(secure.headers().firstValue(HSTS)).contains("max-age=31536000");
        assertThat(secure.headers().firstValue("Location").orElseThrow()).startsWith(at.tls + "/v1/videos/");

        HttpResponse<String> proxied =
                client.post(at.plain, key, body, "X-Forwarded-Proto", "https", forwardedHost, "api.example.com");
        assertThat(proxied.statusCode()).as(proxied.body()).isEqualTo(202);
        assertThat(proxied.headers().firstValue(HSTS)).isEmpty();
        assertThat(proxied.headers().firstValue("Location").orElseThrow())
                .startsWith("https://api.example.com/v1/videos/");
        assertThat(client.post(at.plain, key, body, forwardedHost, "evil.example")
                        .statusCode())
                .isEqualTo(421);
        // Refusals have it too.
        assertThat(client.post(at.tls, "unknown", body).headers().firstValue(HSTS))
                .isPresent();
    }

    /** As clients do that have got something wrong. */
    private static void sendSecrets(TlsClient client, URI gateway, String key) throws Exception {
        String body = "{\"prompt\": \"x\", \"webhook\": %s}";
        for (String webhook : List.of(
                "\"https://user:%s@example.com/hook\"".formatted(Canaries.URL_PASSWORD),
                "\"https://10.0.0.1/hook?token=%s\"".formatted(Canaries.URL_TOKEN),
                "{\"url\": \"https://example.com/\", \"secret\": \"%s\"}".formatted(Canaries.SHORT_SECRET),
                "{\"url\": \"https://example.com/\", \"secret\": \"%s\", %%".formatted(Canaries.JOB_SECRET))) {
            assertThat(client.post(gateway, key, body.formatted(webhook)).statusCode())
                    .as(webhook)
                    .isEqualTo(400);
        }
        for (String other : List.of(Canaries.UNKNOWN_KEY, Canaries.TOKEN)) {
            assertThat(client.post(gateway, other, body.formatted("null")).statusCode())
                    .isEqualTo(401);
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

    private static Map<String, String> with(Map<String, String> more, Map<String, String> environment) {
        environment.putAll(more);
        return environment;
    }

    private static Map<String, String> withSecret(Map<String, String> environment, String user) {
        environment.put("KAFKA_SASL_JAAS_CONFIG", SecureServices.plain(user));
        return environment;
    }

    private static void setCleanup(String policy) throws Exception {
        var jobs = new ConfigResource(ConfigResource.Type.TOPIC, Topic.JOBS.topicName());
        var change = new AlterConfigOp(new ConfigEntry("cleanup.policy", policy), OpType.SET);
        try (var admin = Admin.create(services.client())) {
            admin.incrementalAlterConfigs(Map.of(jobs, List.of(change))).all().get();
        }
    }
}
