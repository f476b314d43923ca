package io.text2video.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.EnvConfigSource;
import io.text2video.standalone.fleet.FleetConfiguration;
import io.text2video.standalone.fleet.FleetOptions;
import io.text2video.standalone.fleet.FleetSecrets;
import io.text2video.standalone.fleet.FleetSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/**
 * The environment variables of {@code docs/05-deployment.md}: a fleet on one machine obeys or refuses each. Gateway and worker
 * read them by themselves, unless the fleet has set the property, which wins.
 */
class DocumentedVariablesTest {
    private static final Path DOCS = Path.of("../../docs/05-deployment.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (`[A-Z][^|]*) \\| ([^|]*) \\|");
    private static final Pattern NAME = Pattern.compile("`([A-Z0-9_]+)(\\*?)`");

    /** What would not do as a value of another. */
    private static final Map<String, String> VALUES = Map.of(
            "QUARKUS_HTTP_PORT", "18080",
            "QUARKUS_MANAGEMENT_PORT", "18082",
            "FLEET_PARTITIONS", "7",
            "GATEWAY_ACCESS", "on",
            "FLEET_QUEUE", "share-group",
            "FLEET_RECORD_LOCK", "20s",
            "QUARKUS_CONFIG_LOCATIONS", "pom.xml");

    /** A fleet for one job listens on any. */
    private static final Set<String> PORTS = Set.of("QUARKUS_HTTP_PORT", "QUARKUS_MANAGEMENT_PORT");

    private static final FleetSecrets SECRETS = new FleetSecrets("access", "secret", "whsec_own");
    private static final Map<String, String> SERVICES = Map.of(
            "kafka.bootstrap.servers", "127.0.0.1:1",
            "s3.endpoint", "http://127.0.0.1:2",
            "s3.access-key", "access",
            "s3.secret-key", "secret",
            "s3.bucket", "text2video",
            "s3.region", "us-east-1");

    @TempDir
    Path data;

    static Stream<Arguments> variables() throws IOException {
        String page = Files.readString(DOCS);
        String table = page.substring(page.indexOf("## Environment variables"), page.indexOf("## Health, metrics"));
        return ROW.matcher(table)
                .results()
                .flatMap(row -> NAME.matcher(row.group(1)).results())
                .map(name -> name.group(2).isEmpty() ? name.group(1) : name.group(1) + "CLIENT_ID")
                .flatMap(name -> Stream.of("serve", "generate").map(command -> Arguments.of(command, name)));
    }

    @ParameterizedTest
    @MethodSource("variables")
    void shouldLetAFleetObeyOrRefuse(String command, String variable) throws Exception {
        // Given
        String value = VALUES.getOrDefault(variable, "/a/value");
        FleetConfiguration given = environment(Map.of(variable, value));

        // When
        Optional<String> refusal = refusal(given);
        if (refusal.isPresent()) {
            assertThat(refusal.get()).contains(variable);
            return;
        }
        FleetSettings settings = settings(command, given);

        // Then
        FleetOptions options = settings.options();
        assertObeyed(settings.gateway(options.port(), options.managementPort()), variable, value, command);
        if (!PORTS.contains(variable)) {
            // Which two programs cannot share.
            assertObeyed(settings.worker(3), variable, value, command);
        }
    }

    @Test
    void shouldFindTheTable() throws IOException {
        assertThat(variables())
                .extracting(row -> row.get()[1])
                .contains("WEBHOOK_SECRET", "WORKER_MODELS", "S3_SECRET_KEY", "QUARKUS_HTTP_PORT", "KAFKA_CLIENT_ID");
    }

    @Test
    void shouldSignWithTheSecretOfTheEnvironment() throws Exception {
        FleetConfiguration given = environment(Map.of("WEBHOOK_SECRET", "whsec_given"));

        assertThat(settings("serve", given).gateway(1, 2)).containsEntry("webhook.secret", "whsec_given");
        assertThat(settings("serve", environment(Map.of())).gateway(1, 2)).containsEntry("webhook.secret", "whsec_own");
    }

    @Test
    void shouldCallThisMachineWhereOnlyThisMachineCanAsk() {
        assertThat(gatewayOn("127.0.0.1"))
                .containsEntry("gateway.access", "off")
                .containsEntry("webhook.dangerous-allowed-networks", "127.0.0.0/8,::1/128")
                .containsEntry("webhook.dangerous-allow-http", "true");
        assertThat(gatewayOn("0.0.0.0"))
                .doesNotContainKeys(
                        "gateway.access", "webhook.dangerous-allowed-networks", "webhook.dangerous-allow-http");
    }

    @Test
    void shouldAnswerToThisMachinesNamesWhereOnlyThisMachineCanAsk() {
        FleetConfiguration given = environment(Map.of("GATEWAY_ALLOWED_HOSTS", "fleet.example,tunnel:9000"));
        String own = "localhost:8080,127.0.0.1:8080,[::1]:8080";

        assertThat(gatewayOn("127.0.0.1")).containsEntry("gateway.allowed-hosts", own);
        assertThat(gatewayOn("::1")).containsEntry("gateway.allowed-hosts", own);
        assertThat(gatewayOn("[::1]")).containsEntry("gateway.allowed-hosts", own);
        assertThat(gatewayOn("127.0.0.2")).containsEntry("gateway.allowed-hosts", own + ",127.0.0.2:8080");
        assertThat(gatewayOn("localhost", given))
                .containsEntry("gateway.allowed-hosts", own + ",fleet.example,tunnel:9000");
        assertThat(gatewayOn("0.0.0.0")).doesNotContainKey("gateway.allowed-hosts");
    }

    @Test
    void shouldTellThisMachineAloneHowItIs() {
        assertThat(gatewayOn("0.0.0.0"))
                .containsEntry("quarkus.management.host", "127.0.0.1")
                .containsEntry("quarkus.management.port", "8082");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "KAFKA_BOOTSTRAP_SERVERS",
                "KAFKA_SECURITY_PROTOCOL",
                "KAFKA_SASL_JAAS_CONFIG",
                "KAFKA_SSL_TRUSTSTORE_LOCATION",
                "S3_ENDPOINT"
            })
    void shouldRefuseServicesThatAreNotItsOwn(String variable) {
        assertThatThrownBy(environment(Map.of(variable, "elsewhere"))::requireOwnServices)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(variable + " is set", "unset it, or run ./text2video gateway and worker");
    }

    @Test
    void shouldTakeBothKeysOfTheStoreOrNone() throws Exception {
        FleetSecrets both = SECRETS.orGiven(environment(Map.of("S3_ACCESS_KEY", "a", "S3_SECRET_KEY", "b")));

        assertThat(both).isEqualTo(new FleetSecrets("a", "b", "whsec_own"));
        assertThatThrownBy(() -> SECRETS.orGiven(environment(Map.of("S3_ACCESS_KEY", "a"))))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "S3_ACCESS_KEY is set without S3_SECRET_KEY: set both, or none for keys of the fleet's own");
    }

    private static void assertObeyed(Map<String, String> settings, String variable, String value, String command) {
        Map<String, String> setting = settings.entrySet().stream()
                .filter(entry -> variable(entry.getKey()).equals(variable))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));

        // Where nothing is set, the program reads it in the environment.
        if (variable.equals("GATEWAY_ALLOWED_HOSTS")) {
            assertThat(setting.values()).allMatch(hosts -> hosts.endsWith("," + value));
        } else if (!(command.equals("generate") && PORTS.contains(variable))) {
            assertThat(setting.values()).allMatch(value::equals);
        }
    }

    /** The variable of a property, of a list's element the list's. */
    private static String variable(String property) {
        return property.replaceAll("\\[\\d+]$", "").toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
    }

    private static Optional<String> refusal(FleetConfiguration given) {
        try {
            given.requireOwnServices();
            SECRETS.orGiven(given);
            return Optional.empty();
        } catch (IllegalArgumentException | IOException e) {
            return Optional.of(Objects.requireNonNull(e.getMessage()));
        }
    }

    private FleetSettings settings(String command, FleetConfiguration given) throws IOException {
        CommandLine root = Text2VideoCommand.commandLine();
        root.parseArgs(command.equals("generate") ? new String[] {command, "a ball"} : new String[] {command});
        Object parsed = root.getSubcommands().get(command).getCommand();
        FleetOptions options = parsed instanceof GenerateCommand generate
                ? generate.fleetOptions(Optional.empty(), given)
                : ((ServeCommand) parsed).options(given);
        return new FleetSettings(options, data, SECRETS.orGiven(given), SERVICES, given);
    }

    private Map<String, String> gatewayOn(String host) {
        return gatewayOn(host, environment(Map.of()));
    }

    private Map<String, String> gatewayOn(String host, FleetConfiguration given) {
        var options = new FleetOptions(data, host, 0, 0, 0, 0, FleetOptions.Console.NOTHING, Map.of());
        return new FleetSettings(options, data, SECRETS, SERVICES, given).gateway(8080, 8082);
    }

    private static FleetConfiguration environment(Map<String, String> variables) {
        return new FleetConfiguration(
                ConfigUtils.emptyConfigBuilder().withSources(new EnvConfigSource(variables, 300)));
    }
}
