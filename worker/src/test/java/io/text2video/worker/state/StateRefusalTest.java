package io.text2video.worker.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.Reference;
import io.text2video.worker.config.PipelineConfig;
import io.text2video.worker.kernels.DType;
import io.text2video.worker.model.LatentShape;
import io.text2video.worker.scheduler.Scheduler;
import io.text2video.worker.weights.SafetensorsDtype;
import io.text2video.worker.weights.SafetensorsWriter;
import io.text2video.worker.weights.SafetensorsWriter.Entry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** States whose checksum holds, and that nobody may go on from: the generation is told so, and never fails by them. */
class StateRefusalTest {
    private static final int STEPS = 12;
    private static final String COMPUTATION = "0123456789abcdef";
    private static final LatentShape LATENTS = new LatentShape(3, 0, 4, 8, 10, 9);
    private static final long[] SHAPE = LATENTS.dimensions();
    private static final Scheduler SCHEDULER = scheduler();

    private static Scheduler scheduler() {
        try {
            return Scheduler.of(PipelineConfig.read(Reference.checkpoint("5b")).scheduler());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @EnumSource(SafetensorsDtype.class)
    void shouldRefuseEveryDtypeButTheOneThatIsComputedIn(SafetensorsDtype dtype) {
        // Given whole states of which one tensor is of that dtype
        Entry latents = entry("latents", SafetensorsDtype.BF16, SHAPE);
        Entry remembered = entry("scheduler.0", SafetensorsDtype.F32, SHAPE);
        byte[] ofLatents = new GenerationState(
                        COMPUTATION, 8, STEPS, 0, entry("latents", dtype, SHAPE), List.of(remembered))
                .toBytes();
        byte[] ofMemory = new GenerationState(
                        COMPUTATION, 8, STEPS, 0, latents, List.of(entry("scheduler.0", dtype, SHAPE)))
                .toBytes();

        // Then
        assertThat(find(ofLatents)).isEqualTo(dtype == SafetensorsDtype.BF16);
        assertThat(find(ofMemory)).isEqualTo(dtype == SafetensorsDtype.F32);
    }

    @ParameterizedTest
    @CsvSource({"0, 12, 0", "13, 12, 0", "8, 12, 9", "8, 0, 0", "8, 13, 0", "-8, 12, 0", "8, -12, 0", "8, 12, -1"})
    void shouldRefuseStepsThatCannotBe(int step, int steps, int reused) {
        Entry latents = entry("latents", SafetensorsDtype.BF16, SHAPE);
        Entry remembered = entry("scheduler.0", SafetensorsDtype.F32, SHAPE);

        assertThat(find(new GenerationState(COMPUTATION, step, steps, reused, latents, List.of(remembered)).toBytes()))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "8", "1, 3", "0", "1, 3, 4, 8, 9", "1, 3, 4, 8, 10, 1", "1, 3, 4, 0, 10"})
    void shouldRefuseEveryOtherShape(String text) {
        // Given
        long[] shape = text.isEmpty()
                ? new long[0]
                : Stream.of(text.split(", ")).mapToLong(Long::parseLong).toArray();
        Entry latents = entry("latents", SafetensorsDtype.BF16, SHAPE);
        Entry remembered = entry("scheduler.0", SafetensorsDtype.F32, SHAPE);
        Entry otherLatents = entry("latents", SafetensorsDtype.BF16, shape);
        Entry otherMemory = entry("scheduler.0", SafetensorsDtype.F32, shape);

        // Then
        assertThat(find(new GenerationState(COMPUTATION, 8, STEPS, 0, otherLatents, List.of(remembered)).toBytes()))
                .isFalse();
        assertThat(find(new GenerationState(COMPUTATION, 8, STEPS, 0, latents, List.of(otherMemory)).toBytes()))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "format, text2video-state-0",
        "format,",
        "computation,",
        "computation, fedcba9876543210",
        "step, eight",
        "step, 8.0",
        "step, 99999999999",
        "step,",
        "steps, ''",
        "steps,",
        "reused_steps, 1e1",
        "reused_steps,",
        "sha256,"
    })
    void shouldRefuseMetadataThatIsMissingOrMalformed(String key, String value) throws IOException {
        // Given a file whose checksum holds all the same
        List<Entry> entries = List.of(
                entry("scheduler.0", SafetensorsDtype.F32, SHAPE), entry("latents", SafetensorsDtype.BF16, SHAPE));
        Map<String, String> metadata = new TreeMap<>(Map.of(
                "format", "text2video-state-1",
                "computation", COMPUTATION,
                "step", "8",
                "steps", Integer.toString(STEPS),
                "reused_steps", "0"));
        assertThat(find(SafetensorsWriter.bytes(summed(metadata, entries), entries)))
                .isTrue();

        // When
        Map<String, String> changed = new TreeMap<>(metadata);
        changed.remove(key);
        if (value != null) {
            changed.put(key, value);
        }
        Map<String, String> written = key.equals("sha256") ? changed : summed(changed, entries);

        // Then
        assertThat(find(SafetensorsWriter.bytes(written, entries))).isFalse();
    }

    @Test
    void shouldRefuseTensorsThatAreMissingOrTooMany() throws IOException {
        Entry latents = entry("latents", SafetensorsDtype.BF16, SHAPE);
        Entry remembered = entry("scheduler.0", SafetensorsDtype.F32, SHAPE);

        for (List<Entry> entries : List.of(
                List.<Entry>of(),
                List.of(latents),
                List.of(remembered),
                List.of(remembered, entry("scheduler.1", SafetensorsDtype.F32, SHAPE), latents),
                List.of(remembered, entry("scheduler.2", SafetensorsDtype.F32, SHAPE), latents),
                List.of(remembered, entry("a\nline of its own", SafetensorsDtype.F32, SHAPE), latents))) {
            Map<String, String> metadata = new TreeMap<>(Map.of(
                    "format", "text2video-state-1",
                    "computation", COMPUTATION,
                    "step", "8",
                    "steps", Integer.toString(STEPS),
                    "reused_steps", "0"));
            assertThat(find(SafetensorsWriter.bytes(summed(metadata, entries), entries)))
                    .as("%s", entries.stream().map(Entry::name).toList())
                    .isFalse();
        }
    }

    private static Map<String, String> summed(Map<String, String> metadata, List<Entry> entries) {
        Map<String, String> written = new TreeMap<>(metadata);
        written.put("sha256", GenerationStateFile.checksum(metadata, entries));
        return written;
    }

    /** Whether a generation in bf16 with a scheduler that remembers goes on from it; else the keeper is told why not. */
    private static boolean find(byte[] file) {
        List<UnusableStateException> refused = new ArrayList<>();
        Checkpoints one = new Checkpoints() {
            @Override
            public Optional<SavedState> newest(String computation, int below) {
                return refused.isEmpty() ? Optional.of(new SavedState("s", 8, file)) : Optional.empty();
            }

            @Override
            public void resumed(int step, int steps) {}

            @Override
            public void refused(SavedState state, UnusableStateException reason) {
                refused.add(reason);
            }

            @Override
            public boolean isDue(int step, int steps) {
                return false;
            }

            @Override
            public void save(GenerationState state) {}
        };
        boolean found = new Resumption(one, SCHEDULER, DType.BF16, LATENTS, STEPS)
                .find(COMPUTATION)
                .isPresent();
        assertThat(refused).hasSize(found ? 0 : 1).allSatisfy(e -> assertThat(e)
                .hasMessageMatching(
                        "s [^\\p{Cntrl}]+; the generation goes on from an earlier state, or from its start"));
        return found;
    }

    static Entry entry(String name, SafetensorsDtype dtype, long... shape) {
        int bytes = (int) Arrays.stream(shape).reduce(dtype.bytes(), (a, b) -> a * b);
        ByteBuffer data = ByteBuffer.allocate(bytes);
        for (int i = 0; i < bytes; i++) {
            data.put(i, (byte) (i * 37));
        }
        return new Entry(name, dtype, shape, data);
    }
}
