package io.text2video.worker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

class WorkerCommandTest {
    @Test
    void shouldNameTheEnvironmentVariablesInItsHelp() {
        String help = new CommandLine(new WorkerCommand()).getUsageMessage();

        assertThat(help)
                .contains("WORKER_DEVICE", "WORKER_DTYPE", "WORKER_QUANTIZATION", "WORKER_MEMORY")
                .contains("WORKER_MODELS", "WORKER_LORAS", "WORKER_LOADED_MODELS", "WORKER_POOL")
                .contains("WORKER_ID", "WORKER_THREADS", "WORKER_CHECKPOINT_STEPS", "KAFKA_BOOTSTRAP_SERVERS")
                .contains("S3_ENDPOINT", "S3_BUCKET", "S3_ACCESS_KEY", "S3_SECRET_KEY", "QUARKUS_HTTP_PORT");
    }

    @Test
    void shouldTakeSeveralModelsInTheirOrder() {
        var worker = new WorkerCommand();

        new CommandLine(worker).parseArgs("--model", "a,b", "--model", "c", "--pool", "large", "--loras", "loras");

        assertThat(worker.settings())
                .containsEntry("worker.models[0]", "a,b")
                .containsEntry("worker.models[1]", "c")
                .containsEntry("worker.pool", "large")
                .containsEntry("worker.loras", "loras");
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "cpu", "cuda:1", "cuda:0,cuda:1"})
    void shouldHandTheDeviceOn(String device) {
        var worker = new WorkerCommand();

        new CommandLine(worker).parseArgs("--device", device);

        assertThat(worker.settings()).containsEntry("worker.device", device);
    }

    @Test
    void shouldRefuseAGpuThatIsNotThereBeforeItStarts() {
        // Given
        var errors = new StringWriter();

        // When
        int code = new CommandLine(new WorkerCommand())
                .setErr(new PrintWriter(errors, true))
                .execute("--device", "cuda:31");

        // Then
        assertThat(code).isEqualTo(1);
        assertThat(errors.toString())
                .startsWith("text2video: cuda:31 cannot be used: ")
                .hasLineCount(1);
    }

    @Test
    void shouldRefuseWhatIsNoDevice() {
        assertThatThrownBy(() -> new CommandLine(new WorkerCommand()).parseArgs("--device", "gpu"))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("\"gpu\" is none of cpu, cuda, cuda:N");
    }
}
