package io.text2video.standalone;

import io.text2video.embedded.FreePort;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a gateway is told that serves TLS itself and is asked by a proxy too: as the deployment page shows it, but for the places. */
final class SecureGateway {
    private static final String PAGE = "security.md";
    private static final Pattern CATEGORY = Pattern.compile("quarkus\\.log\\.category\\.\"(.+)\"\\.level");

    /** By Quarkus' extensions. */
    private static final List<String> LEFT_OUT = List.of(
            "org.apache.kafka.clients",
            "org.apache.kafka.common.utils",
            "org.apache.kafka.common.metrics",
            "org.apache.kafka.common.config",
            "org.apache.kafka.common.telemetry",
            "io.vertx.core.impl.ContextImpl",
            "io.micrometer.core.instrument.composite.CompositeMeterRegistry");

    /** Where it listens without TLS, and with it. */
    final URI plain = URI.create("http://127.0.0.1:" + FreePort.find());

    final URI tls = URI.create("https://localhost:" + FreePort.find());

    SecureGateway() throws IOException {}

    /** Beside what its broker and its store are reached by. */
    Map<String, String> environment() throws IOException {
        Map<String, String> environment = new HashMap<>(
                lines(DocsExamples.settings(PAGE, "### Behind a proxy").replace("10.0.0.0/8", "127.0.0.1")));
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(plain.getPort()));
        environment.put("QUARKUS_MANAGEMENT_PORT", "0");
        environment.put("QUARKUS_HTTP_SSL_PORT", Integer.toString(tls.getPort()));
        environment.put("GATEWAY_ACCESS", "on");
        environment.put("GATEWAY_ALLOWED_HOSTS", "localhost,127.0.0.1,api.example.com");
        environment.put("WEBHOOK_DANGEROUS_ALLOW_HTTP", "true");
        environment.put("WEBHOOK_DANGEROUS_ALLOWED_NETWORKS", "127.0.0.0/8");
        environment.put("WEBHOOK_RETRY_DELAYS", "100ms");
        return environment;
    }

    /** Its secrets, and its certificate, as a file in a directory. */
    static Path secrets(Path directory, PrivateCa ca) throws IOException {
        String tls = DocsExamples.settings(PAGE, "## TLS for the API")
                .replace("/etc/text2video/tls.crt", ca.serverCertificate().toString())
                .replace("/etc/text2video/tls.key", ca.serverKey().toString());
        return Files.writeString(
                directory.resolve("fleet.properties"),
                """
                kafka.sasl.jaas.config=%s
                s3.access-key=fleet
                s3.secret-key=%s
                webhook.secret=%s
                webhook.previous-secret=%s
                %s
                """
                        .formatted(
                                SecureServices.SCRAM,
                                SecureServices.S3_SECRET_KEY,
                                Canaries.GATEWAY_SECRET,
                                Canaries.PREVIOUS_SECRET,
                                tls));
    }

    /** Settings that have all that is logged told, what programs or Quarkus leave out otherwise too. */
    static Path debugging(Path directory) throws IOException {
        Stream<String> categories = Stream.of(LEFT_OUT, logCategories("common"), logCategories("gateway"))
                .flatMap(List::stream)
                .distinct()
                .map("quarkus.log.category.\"%s\".level=DEBUG"::formatted);
        return Files.write(
                directory.resolve("debug.properties"),
                Stream.concat(Stream.of("config_ordinal=280", "quarkus.log.level=DEBUG"), categories)
                        .toList());
    }

    private static List<String> logCategories(String module) throws IOException {
        String defaults = Files.readString(
                Launched.HOME.resolve(module + "/src/main/resources/META-INF/microprofile-config.properties"));
        return CATEGORY.matcher(defaults).results().map(match -> match.group(1)).toList();
    }

    private static Map<String, String> lines(String settings) {
        return settings.lines()
                .map(line -> line.split("=", 2))
                .collect(Collectors.toMap(setting -> setting[0], setting -> setting[1]));
    }
}
