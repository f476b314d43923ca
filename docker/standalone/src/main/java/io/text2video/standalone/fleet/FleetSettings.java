package io.text2video.standalone.fleet;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the programs of an embedded fleet are told beside what they read in the environment by themselves: system properties,
 * which win over environment variables. So what the environment may say too, it is asked for here.
 *
 * @param data where the fleet keeps what it has
 * @param services how its broker and its store are reached
 * @param given what the environment says
 */
public record FleetSettings(
        FleetOptions options, Path data, FleetSecrets secrets, Map<String, String> services, FleetConfiguration given) {
    /** Of the embedded store, whose names and regions are whatever one likes. */
    private static final List<String> OF_THE_STORE = List.of("s3.bucket", "s3.region");

    /** No other name: what resolves to this machine now may not later. */
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|::1|\\[::1]");

    private static final String HOSTS = "gateway.allowed-hosts";

    /** Who can ask a gateway that listens on this machine alone needs no key, and may call this machine too. */
    private static final Map<String, String> LOCAL = Map.of(
            "gateway.access",
            "off",
            "webhook.dangerous-allow-http",
            "true",
            "webhook.dangerous-allowed-networks",
            "127.0.0.0/8,::1/128");

    /** For the gateway, which listens on these ports, on the second for this machine alone. */
    public Map<String, String> gateway(int port, int managementPort) {
        Map<String, String> config = program(port, "");
        config.put("quarkus.http.host", options.host());
        config.put("quarkus.management.host", "127.0.0.1");
        config.put("quarkus.management.port", Integer.toString(managementPort));
        config.put("worker.enabled", "false");
        config.put("webhook.secret", secrets.webhookSecret());
        if (LOOPBACK.matcher(options.host()).matches()) {
            config.put(HOSTS, allowedHosts(port));
            LOCAL.forEach((name, value) -> config.put(name, given.given(name).orElse(value)));
        }
        config.putAll(logs("fleet.log", "OFF"));
        config.putAll(options.settings());
        return config;
    }

    /**
     * Only this machine's programs reach it, and among them is the browser, with everybody's pages in it. So it answers to the
     * names of this machine, and to others that the environment has.
     */
    private String allowedHosts(int port) {
        return Stream.concat(
                        Stream.of("localhost", "127.0.0.1", "[::1]", options.urlHost())
                                .distinct()
                                .map(name -> name + ":" + port),
                        given.givenList(HOSTS).stream())
                .collect(Collectors.joining(","));
    }

    /** For the worker, whose health is on this port of the loopback interface. */
    public Map<String, String> worker(int port) {
        Map<String, String> config = program(port, "worker-");
        config.put("quarkus.http.host", "127.0.0.1");
        config.put("quarkus.log.category.\"ai.djl\".level", "WARN");
        config.put("quarkus.log.category.\"io.micrometer\".level", "ERROR");
        config.put("worker.end-with-input", "true");
        if (options.data() == null) {
            // Its temporary files go with the directory, however it ends.
            config.put("java.io.tmpdir", data.toString());
        }
        // What it says last is why it did not start.
        config.putAll(logs("worker.log", "ERROR"));
        config.putAll(options.settings());
        return config;
    }

    /** All go to the file; to the console goes, unless the environment says what, what is worth a person's while. */
    private Map<String, String> logs(String file, String least) {
        Map<String, String> config = new HashMap<>();
        config.put("quarkus.log.file.enabled", "true");
        config.put("quarkus.log.file.path", data.resolve(file).toString());
        switch (options.console()) {
            case NOTHING -> config.put("quarkus.log.console.level", least);
            case SUMMARY -> {
                config.put("quarkus.log.console.level", "WARN");
                config.put("quarkus.log.console.format", "%d{HH:mm:ss}  %-5p %s%n");
            }
            case ALL -> {
                // As the programs have it.
            }
        }
        config.keySet().removeIf(name -> given.given(name).isPresent());
        return config;
    }

    private Map<String, String> program(int port, String prefix) {
        Map<String, String> config = new HashMap<>(services);
        OF_THE_STORE.forEach(name -> given.given(name).ifPresent(value -> config.put(name, value)));
        config.put("quarkus.http.port", Integer.toString(port));
        // Who starts them asks until they are ready, and each no would be a line.
        config.put("quarkus.log.category.\"io.smallrye.health\".level", "WARN");
        // That its broker is alone needs no warning.
        config.put("quarkus.log.category.\"io.text2video.kafka.TopicInitializer\".level", "ERROR");
        config.put(
                "quarkus.vertx.cache-directory",
                data.resolve(prefix + "vertx-cache").toString());
        config.put(
                "quarkus.http.body.uploads-directory",
                data.resolve(prefix + "uploads").toString());
        return config;
    }
}
