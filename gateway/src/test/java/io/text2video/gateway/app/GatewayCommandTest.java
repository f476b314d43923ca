package io.text2video.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class GatewayCommandTest {
    @Test
    void shouldExplainItselfWithTheEnvironmentVariables() {
        var out = new StringWriter();

        int code = new CommandLine(new GatewayCommand())
                .setOut(new PrintWriter(out))
                .execute("--help");

        assertThat(code).isZero();
        assertThat(out.toString())
                .contains(
                        "--port",
                        "--management-port",
                        "--kafka",
                        "KAFKA_BOOTSTRAP_SERVERS",
                        "S3_ENDPOINT",
                        "WEBHOOK_SECRET",
                        "Examples:");
    }

    @Test
    void shouldRefuseAnUnknownOption() {
        var err = new StringWriter();

        int code = new CommandLine(new GatewayCommand())
                .setErr(new PrintWriter(err))
                .execute("--broker=x");

        assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("Unknown option: '--broker=x'");
    }

    @Test
    void shouldBeAskedForItsHealthWhereItTellsOfIt() throws IOException {
        var defaults = new Properties();
        try (Reader file =
                Files.newBufferedReader(Path.of("src/main/resources/META-INF/microprofile-config.properties"))) {
            defaults.load(file);
        }
        String port = defaults.getProperty("quarkus.management.port");

        assertThat(Path.of("../docker/gateway.Dockerfile")).content().contains("EXPOSE 8080 " + port);
        assertThat(Path.of("../docker/compose.yaml"))
                .content()
                .contains("http://localhost:" + port + "/q/health/ready")
                .doesNotContain("8080/q/");
        assertThat(Path.of("../k8s/base/gateway.yaml"))
                .content()
                .contains("prometheus.io/port: \"" + port + "\"", "containerPort: " + port)
                .doesNotContainPattern("path: /q/.*\\s+port: http");
        assertThat(Path.of("../docs/05-deployment.md"))
                .content()
                .contains("`QUARKUS_MANAGEMENT_PORT` | gateway | `" + port);
    }
}
