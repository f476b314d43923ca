package io.text2video.standalone;

import io.text2video.embedded.EmbeddedKafka;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/** A broker that listens with SASL_SSL alone and lets each user do what {@link KafkaUsers} may, and a store that listens with https alone, both known to a private CA. */
final class SecureServices implements AutoCloseable {
    static final String KAFKA_PASSWORD = "kafka-canary-4711";
    static final String S3_SECRET_KEY = "s3-canary-4711";

    /** What {@code sasl.jaas.config} is for each mechanism. */
    static final String PLAIN = plain("fleet");

    static final String SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule required"
            + " username=\"gateway\" password=\"%s\";".formatted(KAFKA_PASSWORD);

    private static final int ITERATIONS = 4096;

    private final PrivateCa ca;
    private final EmbeddedKafka kafka;
    private final S3Proxy store;

    SecureServices(Path data) throws Exception {
        ca = new PrivateCa(Files.createDirectories(data.resolve("ca")));
        kafka = new EmbeddedKafka(data.resolve("kafka"), 0, brokerSettings());
        store = S3Proxy.builder()
                .blobStore(new FilesystemNio2BlobStore(
                        Files.createDirectories(data.resolve("s3")).toString()))
                .secureEndpoint(URI.create("https://127.0.0.1:0"))
                .keyStore(ca.serverKeyStore().toString(), PrivateCa.PASSWORD)
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, "fleet", S3_SECRET_KEY)
                .build();
        try {
            store.start();
            try (var admin = Admin.create(client())) {
                var info = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS);
                admin.alterUserScramCredentials(
                                List.of(new UserScramCredentialUpsertion("gateway", info, KAFKA_PASSWORD)))
                        .all()
                        .get();
                admin.createAcls(KafkaUsers.rules()).all().get();
            }
        } catch (Exception | Error e) {
            close();
            throw e;
        }
    }

    /** What {@code sasl.jaas.config} is for that user: {@code fleet} may do everything, the others what the manifests say. */
    static String plain(String user) {
        return "org.apache.kafka.common.security.plain.PlainLoginModule required"
                + " username=\"%s\" password=\"%s\";".formatted(user, KAFKA_PASSWORD);
    }

    String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    String s3() {
        return "https://localhost:" + store.getSecurePort();
    }

    /** The CA's certificate, PEM. */
    String certificate() {
        return ca.certificate().toString();
    }

    /** What has a key and certificate of a server at {@code localhost}. */
    PrivateCa ca() {
        return ca;
    }

    /** Configuration of Kafka's clients, with {@link #PLAIN}. */
    Map<String, Object> client() {
        return Map.of(
                "bootstrap.servers",
                bootstrapServers(),
                "security.protocol",
                "SASL_SSL",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                PLAIN,
                "ssl.truststore.type",
                "PEM",
                "ssl.truststore.location",
                certificate());
    }

    private Map<String, String> brokerSettings() {
        return Map.ofEntries(
                Map.entry("listener.security.protocol.map", "BROKER:SASL_SSL,CONTROLLER:PLAINTEXT"),
                Map.entry("ssl.keystore.type", "PKCS12"),
                Map.entry("ssl.keystore.location", ca.serverKeyStore().toString()),
                Map.entry("ssl.keystore.password", PrivateCa.PASSWORD),
                Map.entry("ssl.key.password", PrivateCa.PASSWORD),
                Map.entry("ssl.truststore.type", "PEM"),
                Map.entry("ssl.truststore.location", certificate()),
                Map.entry("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-512"),
                Map.entry("sasl.mechanism.inter.broker.protocol", "PLAIN"),
                Map.entry("authorizer.class.name", StandardAuthorizer.class.getName()),
                // The controller's listener asks nobody who it is.
                Map.entry("super.users", "User:broker;User:fleet;User:ANONYMOUS"),
                Map.entry(
                        "listener.name.broker.plain.sasl.jaas.config",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required"
                                + " username=\"broker\" password=\"broker-secret\""
                                + " user_broker=\"broker-secret\" user_fleet=\"%1$s\" user_worker=\"%1$s\" user_key-keeper=\"%1$s\";"
                                        .formatted(KAFKA_PASSWORD)),
                Map.entry(
                        "listener.name.broker.scram-sha-512.sasl.jaas.config",
                        "org.apache.kafka.common.security.scram.ScramLoginModule required;"));
    }

    @Override
    public void close() throws Exception {
        store.stop();
        kafka.close();
    }
}
