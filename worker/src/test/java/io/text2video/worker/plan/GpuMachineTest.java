package io.text2video.worker.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.worker.config.CheckpointFiles;
import io.text2video.worker.info.PublishedCheckpoint;
import io.text2video.worker.kernels.DType;
import io.text2video.worker.plan.MemoryPlan.Way;
import io.text2video.worker.quantization.Quantization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans for a GPU, of CogVideoX-2b as published, by its configs and headers. */
class GpuMachineTest {
    private static final PlannedVideo FULL = new PlannedVideo(480, 720, 49, true, 0, false, 0);
    private static final GpuMachine LARGE = GpuMachine.limited(MemorySize.of("1TB"), "--gpu-memory");
    private static final Rung BY_STAGE = new Rung(Set.of(Saving.COMPONENTS_BY_STAGE));
    private static final Rung STREAMED = BY_STAGE.with(Saving.TRANSFORMER_STREAMED);

    @TempDir
    Path directory;

    private Path checkpoint;
    private PlannedModel model;

    @BeforeEach
    void write() throws IOException {
        checkpoint = PublishedCheckpoint.write(directory, "CogVideoX-2b", "F16").directory();
        model = model("none");
    }

    @Test
    void shouldStayBelowTheTargets() throws IOException {
        // When
        Way floats = LARGE.way(model, FULL, BY_STAGE);
        Way rounded = LARGE.way(model("int8"), FULL, BY_STAGE.with(Saving.VAE_TILES));

        // Then of fp16 each stage has the GPU to itself; int8 needs tiles too, as decoding is in fp16 all the same
        System.out.printf("2b by stage: fp16 %s, int8 in tiles %s%n", gigabytes(floats), gigabytes(rounded));
        assertThat(floats.peak()).isLessThan(9_500_000_000L);
        assertThat(floats.of(Stage.ENCODE).total()).isLessThan(1_500_000_000L);
        assertThat(floats.of(Stage.DENOISE).total()).isLessThan(5_500_000_000L);
        assertThat(rounded.peak()).isLessThan(6_000_000_000L);
    }

    @Test
    void shouldKeepTransformerAndVaeButNeverTheTextEncoder() {
        Way whole = LARGE.way(model, FULL, Rung.WHOLE);

        long table = 2L * 32128 * 4096 + 2L * 4096;
        long kept = table + model.transformer().all() + model.decoder().all();
        assertThat(whole.of(Stage.LOAD).weights()).isEqualTo(kept);
        assertThat(whole.of(Stage.DECODE).weights()).isEqualTo(kept);
        // A block of T5 at a time passes through: 7 linears of fp16 each, norms, and the position bias that the first
        // one has.
        long block = 2L * (4 * 4096 * 4096 + 3 * 4096 * 10240 + 2 * 4096 + 64 * 32);
        assertThat(whole.of(Stage.ENCODE).weights()).isEqualTo(kept + block);
        assertThat(whole.stages()).allMatch(stage -> stage.mapped() == 0);
    }

    @Test
    void shouldHaveOneNetworkThereByStage() {
        Way way = LARGE.way(model, FULL, BY_STAGE);

        assertThat(way.of(Stage.LOAD).weights()).isZero();
        assertThat(way.of(Stage.DENOISE).weights())
                .isEqualTo(model.transformer().all());
        assertThat(way.of(Stage.DECODE).weights()).isEqualTo(model.decoder().all());
    }

    @Test
    void shouldStreamABlockAtATime() {
        WeightMemory transformer = model.transformer();
        Way way = LARGE.way(model, FULL, STREAMED);

        assertThat(way.of(Stage.DENOISE).weights()).isEqualTo(transformer.beside() + transformer.block());
        // Thirty blocks of one size, and little beside them.
        assertThat(transformer.all()).isEqualTo(30 * transformer.block() + transformer.beside());
        assertThat(transformer.beside()).isLessThan(transformer.all() / 20);
    }

    @Test
    void shouldStreamWithoutWhatStreamingMakesNeedless() {
        List<Way> ladder = planner(LARGE).ladder(FULL);

        Way last = ladder.get(ladder.size() - 1);
        Way above = ladder.get(ladder.size() - 2);
        assertThat(above.rung().has(Saving.GUIDANCE_PASSES)).isTrue();
        assertThat(last.rung().savings()).contains(Saving.TRANSFORMER_STREAMED).doesNotContain(Saving.GUIDANCE_PASSES);
        for (int i = 1; i < ladder.size(); i++) {
            assertThat(ladder.get(i).staysBelow(ladder.get(i - 1))).isTrue();
        }
    }

    @Test
    void shouldTakeNoTilesUnlessMemoryIsLimited() {
        GpuMachine present = GpuMachine.present("cuda:0", 30L << 30, 32L << 30);

        assertThat(planner(present).ladder(FULL)).noneMatch(way -> way.rung().has(Saving.VAE_TILES));
        assertThat(planner(LARGE).ladder(FULL)).last().matches(way -> way.rung().has(Saving.VAE_TILES));
        assertThat(present.budget().toString()).isEqualTo("28.5 GiB (free on cuda:0)");
    }

    @Test
    void shouldSayWhatTheHostTakesBesideIt() {
        Way whole = LARGE.way(model, FULL, Rung.WHOLE);

        assertThat(whole.onGpu()).isTrue();
        assertThat(whole.host()).hasSameSizeAs(whole.stages());
        StageMemory host = whole.host().get(Stage.DENOISE.ordinal());
        long files = model.textEncoder().mapped()
                + model.transformer().mapped()
                + model.decoder().mapped();
        assertThat(host.mapped()).isEqualTo(files);
        assertThat(host.held()).isLessThan(2L << 30);
    }

    @Test
    void shouldKeepOnTheHostWhatIsQuantizedAndGoesToTheGpuAgain() throws IOException {
        PlannedModel rounded = model("int8");

        long whole = LARGE.way(rounded, FULL, Rung.WHOLE).host().get(0).weights();
        long byStage = LARGE.way(rounded, FULL, BY_STAGE).host().get(0).weights();

        assertThat(whole).isEqualTo(rounded.textEncoder().own());
        assertThat(byStage)
                .isEqualTo(
                        whole + rounded.transformer().own() + rounded.decoder().own());
    }

    @Test
    void shouldEncodeNoPromptsAhead() {
        assertThat(planner(LARGE).encodesAhead()).isFalse();
    }

    @Test
    void shouldRefuseWhatFitsNoWay() {
        MemoryPlanner planner = planner(GpuMachine.limited(MemorySize.of("2GB"), "--gpu-memory"));

        assertThatThrownBy(() -> planner.plan(FULL))
                .isInstanceOf(InsufficientMemoryException.class)
                .hasMessageContaining("of GPU memory, most of it to decode, and there are 1.9 GiB");
    }

    private static String gigabytes(Way way) {
        return way.stages().stream()
                .map(stage -> "%s %.1f GB".formatted(stage.stage().label(), stage.total() / 1e9))
                .toList()
                .toString();
    }

    private MemoryPlanner planner(GpuMachine gpu) {
        return new MemoryPlanner(model, Rung.WHOLE, gpu);
    }

    private PlannedModel model(String quantization) throws IOException {
        return PlannedModel.of(CheckpointFiles.open(checkpoint), DType.F16, Quantization.of(quantization));
    }
}
