package io.text2video.worker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.process.Failures;
import io.text2video.worker.device.DeviceChoice;
import io.text2video.worker.kernels.CpuPathChoice;
import io.text2video.worker.pipeline.ComputeType;
import io.text2video.worker.pipeline.PipelineOptions;
import io.text2video.worker.plan.MemorySize;
import io.text2video.worker.quantization.Quantization;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

class WorkerCommandTest {
    @Test
    void shouldNameTheEnvironmentVariablesInItsHelp() {
        String help = new CommandLine(new WorkerCommand()).getUsageMessage();

        assertThat(help)
                .contains("WORKER_DEVICE", "WORKER_DTYPE", "WORKER_QUANTIZATION", "WORKER_MEMORY")
                .contains("WORKER_MODELS", "WORKER_LORAS", "WORKER_LOADED_MODELS", "WORKER_POOL", "WORKER_CPU_PATHS")
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

    @Test
    void shouldPinTheWaysOfTheCpu() {
        var worker = new WorkerCommand();

        new CommandLine(worker).parseArgs("--cpu-paths", "linear=mkl,attention=fused");

        assertThat(worker.settings()).containsEntry("worker.cpu-paths", "linear=mkl,attention=fused");
        assertThat(worker.pipeline.options().cpuPaths()).isEqualTo(CpuPathChoice.of("linear=mkl,attention=fused"));
    }

    @Test
    void shouldDrawAsTheVariablesSay() {
        // Given
        var flags = new PipelineFlags();
        Map<String, String> environment = Map.of(
                "WORKER_DTYPE", "bf16",
                "WORKER_QUANTIZATION", "int8",
                "WORKER_VAE_TILING", "true",
                "WORKER_MEMORY", "2GiB",
                "WORKER_CPU_PATHS", "default");

        // When
        PipelineOptions options = flags.options(DeviceChoice.CPU, environment);

        // Then
        assertThat(options)
                .isEqualTo(new PipelineOptions(
                        Optional.of(ComputeType.BF16),
                        Optional.of(Quantization.of("int8")),
                        true,
                        Optional.of(MemorySize.of("2GiB")),
                        DeviceChoice.CPU,
                        CpuPathChoice.DEFAULT));
    }

    @Test
    void shouldTakeAFlagBeforeItsVariable() {
        var flags = new PipelineFlags();
        flags.computeType = ComputeType.FP32;

        PipelineOptions options = flags.options(DeviceChoice.CPU, Map.of("WORKER_DTYPE", "bf16", "WORKER_MEMORY", ""));

        assertThat(options.computeType()).hasValue(ComputeType.FP32);
        assertThat(options.memory()).isEmpty();
        assertThat(options.cpuPaths()).isEqualTo(CpuPathChoice.AUTO);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "WORKER_CPU_PATHS | linear=cuda | WORKER_CPU_PATHS: 'cuda' is no way of linear: there are onednn and mkl",
                "WORKER_DTYPE     | fp64        | WORKER_DTYPE: 'fp64' is none of fp32, bf16, fp16"
            })
    void shouldNameAVariableThatCannotBe(String name, String value, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PipelineFlags().options(DeviceChoice.CPU, Map.of(name, value)))
                .withMessage(message);
    }

    @ParameterizedTest
    @CsvSource({"TRUE,true", "Yes,true", "j,true", "0,false", "off,false", "'',false"})
    void shouldReadAWordForYesOrNoAsAWorkerDoes(String word, boolean tiles) {
        PipelineOptions options = new PipelineFlags().options(DeviceChoice.CPU, Map.of("WORKER_VAE_TILING", word));

        assertThat(options.vaeTiling()).isEqualTo(tiles);
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
                .setExecutionExceptionHandler(new Failures())
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
