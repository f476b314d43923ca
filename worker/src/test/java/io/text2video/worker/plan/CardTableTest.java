package io.text2video.worker.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.config.CheckpointFiles;
import io.text2video.worker.info.PublishedCheckpoint;
import io.text2video.worker.kernels.DType;
import io.text2video.worker.quantization.Quantization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** "Which card fits which model" of docs/06-models.md, as {@code plan --device cuda --gpu-memory 12GB} says it. */
class CardTableTest {
    private static final Path PAGE = Path.of("../docs/06-models.md");
    private static final List<String> CARDS = List.of("8GB", "12GB", "16GB", "24GB", "80GB");
    private static final double BILLION = 1e9;

    private record Model(String name, String stored, DType dtype, PlannedVideo video) {}

    private static final List<Model> MODELS = List.of(
            new Model("CogVideoX-2b", "F16", DType.F16, video(480, 720, 49, false)),
            new Model("CogVideoX-5b", "BF16", DType.BF16, video(480, 720, 49, false)),
            new Model("CogVideoX-5b-I2V", "BF16", DType.BF16, video(480, 720, 49, true)),
            new Model("CogVideoX1.5-5B", "BF16", DType.BF16, video(768, 1360, 81, false)),
            new Model("CogVideoX1.5-5B-I2V", "BF16", DType.BF16, video(768, 1360, 81, true)));

    @TempDir
    Path directory;

    @Test
    void shouldSayWhichCardFitsWhichModel() throws IOException {
        // Given
        List<String> rows = new ArrayList<>();
        for (Model model : MODELS) {
            Path checkpoint = PublishedCheckpoint.write(directory, model.name(), model.stored())
                    .directory();
            for (String quantization : List.of("none", "int8")) {
                // When
                PlannedModel planned =
                        PlannedModel.of(CheckpointFiles.open(checkpoint), model.dtype(), Quantization.of(quantization));
                rows.add(row(model, quantization, planned));
            }
        }

        // Then
        String table = String.join("\n", rows);
        System.out.println(table);
        assertThat(Files.readString(PAGE))
                .as("docs/06-models.md holds this table")
                .contains(table);
    }

    private static String row(Model model, String quantization, PlannedModel planned) {
        String weights = quantization.equals("none") ? model.stored().equals("F16") ? "fp16" : "bf16" : quantization;
        return "| %s | %s | %s |"
                .formatted(
                        model.name(),
                        weights,
                        CARDS.stream()
                                .map(card -> cell(planned, model.video(), MemorySize.of(card)))
                                .collect(Collectors.joining(" | ")));
    }

    /** What is taken in GB, and how; else what the least would be. */
    private static String cell(PlannedModel model, PlannedVideo video, MemorySize card) {
        try {
            MemoryPlan plan =
                    new MemoryPlanner(model, Rung.WHOLE, GpuMachine.limited(card, "--gpu-memory")).plan(video);
            return (gigabytes(plan.way().peak()) + " " + letters(plan.rung())).strip();
        } catch (InsufficientMemoryException e) {
            var ladder = new MemoryPlanner(model, Rung.WHOLE, GpuMachine.limited(card, "--gpu-memory")).ladder(video);
            return "no: " + gigabytes(ladder.get(ladder.size() - 1).peak());
        }
    }

    private static String letters(Rung rung) {
        return rung.savings().stream()
                .map(saving -> switch (saving) {
                    case FEED_FORWARD_SLICES -> "F";
                    case GUIDANCE_PASSES -> "G";
                    case COMPONENTS_BY_STAGE -> "C";
                    case VAE_TILES -> "T";
                    case TRANSFORMER_STREAMED -> "S";
                    case TEXT_ENCODER_RELEASED -> throw new AssertionError("it never stays on a GPU");
                })
                .collect(Collectors.joining());
    }

    private static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes / BILLION);
    }

    private static PlannedVideo video(int height, int width, int frames, boolean fromImage) {
        return new PlannedVideo(height, width, frames, true, fromImage ? 1 : 0, false, 0);
    }
}
