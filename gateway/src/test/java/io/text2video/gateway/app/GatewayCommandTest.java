package io.text2video.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
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
                .contains("--port", "--kafka", "KAFKA_BOOTSTRAP_SERVERS", "S3_ENDPOINT", "WEBHOOK_SECRET", "Examples:");
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
}
