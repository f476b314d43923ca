package io.text2video.worker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.text2video.common.model.ModelLimits;
import io.text2video.worker.Reference;
import io.text2video.worker.device.DeviceRequest;
import io.text2video.worker.shelf.CogVideoXLoader;
import io.text2video.worker.shelf.ServedModel;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Configuration to models, on real checkpoints. */
class ConfiguredModelsTest {
    private static final Path TINY = Path.of("..", "models", "cogvideox-tiny");

    @TempDir
    Path directory;

    private Path first;
    private Path second;

    @BeforeEach
    void copyCheckpoints() throws IOException {
        first = copy("first");
        second = copy("second");
    }

    @Test
    void shouldDescribeEveryModelWithoutLoadingIt() throws IOException {
        List<ServedModel> models = check(ServedModelsFlags.settings(List.of(first.toString(), second.toString())));

        assertThat(models).extracting(ServedModel::id).containsExactly("first", "second");
        assertThat(models).extracting(ServedModel::directory).containsExactly(first, second);
        assertThat(models.get(1).description().defaults().numFrames()).isEqualTo(17);
        assertThat(models.get(1).description().pipelineClass()).isEqualTo("CogVideoXPipeline");
    }

    @Test
    void shouldLimitAJobByWhatItsModelDrawsByItself() throws IOException {
        ModelLimits limits = check(ServedModelsFlags.settings(List.of(first.toString())))
                .get(0)
                .description()
                .limits();

        assertThat(limits.maxPixels()).isEqualTo(4 * 64 * 64);
        assertThat(limits.maxFrames()).isEqualTo(4 * 16 + 1);
    }

    @Test
    void shouldLimitAJobAsItIsSetTo() throws IOException {
        ModelLimits limits = check(Map.of(
                        "worker.models", first.toString(), "worker.max-pixels", "4096", "worker.max-frames", "17"))
                .get(0)
                .description()
                .limits();

        assertThat(limits.maxPixels()).isEqualTo(4096);
        assertThat(limits.maxFrames()).isEqualTo(17);
    }

    @Test
    void shouldLimitAJobByTheMemoryThatThereIs() throws IOException {
        Map<String, String> large =
                Map.of("worker.models", first.toString(), "worker.max-pixels", "1048576", "worker.max-frames", "129");
        Map<String, String> little = new HashMap<>(large);
        little.put("worker.memory", "1GiB");
        Map<String, String> much = new HashMap<>(large);
        much.put("worker.memory", "1TiB");

        assertThat(check(little).get(0).description().limits().maxVideoPixels())
                .isBetween(64L * 64 * 17, 1024L * 1024 * 129);
        assertThat(check(much).get(0).description().limits().maxVideoPixels()).isNull();
    }

    @Test
    void shouldReadAListWithCommas() throws IOException {
        List<ServedModel> models = check(Map.of("worker.models", first + "," + second));

        assertThat(models).extracting(ServedModel::id).containsExactly("first", "second");
    }

    @Test
    void shouldTakeEmptyVariablesForAbsentOnes() {
        WorkerConfig config =
                config(Map.of("worker.loras", "", "worker.pool", "", "worker.loaded-models", "", "worker.models", ""));

        assertThat(config.loras()).isEmpty();
        assertThat(config.pool()).isEmpty();
        assertThat(config.loadedModels()).isEmpty();
        assertThat(config.models()).isEmpty();
    }

    @Test
    void shouldReadTheDevice() {
        assertThat(config(Map.of("worker.device", "")).device()).isEmpty();
        assertThat(config(Map.of("worker.device", "cuda:0,cuda:1")).device())
                .hasValue(DeviceRequest.of("cuda:0,cuda:1"));
        assertThat(config(Map.of("worker.device", "cpu")).chosenDevice()).hasToString("cpu");
    }

    @Test
    void shouldRefuseAModelWhoseConfigIsBroken() throws IOException {
        Path config = second.resolve("transformer/config.json");
        Files.writeString(config, Files.readString(config).replace("\"patch_size\": 2", "\"patch_size\": \"two\""));

        assertThatThrownBy(() -> check(ServedModelsFlags.settings(List.of(first.toString(), second.toString()))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("second")
                .hasMessageContaining("patch_size");
    }

    @Test
    void shouldRefuseAModelWhosePartsDoNotFit() throws IOException {
        Path config = second.resolve("text_encoder/config.json");
        Files.writeString(config, Files.readString(config).replaceFirst("\"d_model\": \\d+", "\"d_model\": 4096"));

        assertThatThrownBy(() -> check(ServedModelsFlags.settings(List.of(first.toString(), second.toString()))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the model second cannot be served: text_embed_dim is")
                .hasMessageContaining("4096");
    }

    @Test
    void shouldRefuseAModelWhoseWeightsAreCutOff() throws IOException {
        Path weights = second.resolve("transformer/diffusion_pytorch_model.safetensors");
        try (var file = FileChannel.open(weights, StandardOpenOption.WRITE)) {
            file.truncate(file.size() - 4096);
        }

        assertThatThrownBy(() -> check(ServedModelsFlags.settings(List.of(first.toString(), second.toString()))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the model second cannot be served")
                .hasMessageContaining(weights.toString());
    }

    @Test
    void shouldRefuseADirectoryThatIsNotThere() {
        assertThatThrownBy(() -> check(ServedModelsFlags.settings(List.of("no-such-directory"))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no-such-directory");
    }

    @Test
    void shouldSayHowToFetchAModelThatTheCacheLacks() {
        assertThatThrownBy(() -> check(ServedModelsFlags.settings(List.of(first.toString(), "some-org/some-model"))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("text2video download some-org/some-model");
    }

    @Test
    void shouldRefuseANameThatNoRequestCanSpell() throws IOException {
        Path spaced = copy("my model");

        assertThatThrownBy(() -> check(ServedModelsFlags.settings(List.of(spaced.toString()))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("rename it");
    }

    @Test
    void shouldRefuseAModelThatDoesNotFitTheComputeType() {
        Path published = Reference.checkpoint("odd-2b");

        assertThatThrownBy(() -> check(Map.of("worker.models", first + "," + published, "worker.dtype", "fp16")))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("the model odd-2b cannot be served", "bf16 or fp32", "WORKER_DTYPE");
    }

    private List<ServedModel> check(Map<String, String> settings) throws IOException {
        Map<String, String> environment = Map.of("HF_HOME", directory.toString());
        WorkerConfig config = config(settings);
        return ConfiguredModels.check(config, new CogVideoXLoader(config::pipelineOptions), environment);
    }

    private static WorkerConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withMapping(WorkerConfig.class)
                .withConverter(Duration.class, 300, new DurationConverter())
                .withSources(new PropertiesConfigSource(new HashMap<>(settings), "test", 100))
                .build()
                .getConfigMapping(WorkerConfig.class);
    }

    private Path copy(String name) throws IOException {
        Path target = directory.resolve(name);
        try (Stream<Path> files = Files.walk(TINY)) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(TINY.relativize(file).toString()));
            }
        }
        return target;
    }
}
