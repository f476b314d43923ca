package io.text2video.worker.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.worker.Reference;
import io.text2video.worker.config.VaeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TilingTest {
    @TempDir
    Path directory;

    @Test
    void shouldTakeTheReferencesTilesForThePublishedSizes() throws IOException {
        // Given: 480 × 720
        Files.createDirectory(directory.resolve(VaeConfig.FOLDER));
        Files.writeString(
                directory.resolve(VaeConfig.FOLDER).resolve("config.json"),
                "{\"_class_name\": \"AutoencoderKLCogVideoX\"}");

        // When
        Tiling tiling = Tiling.of(VaeConfig.read(directory));

        // Then
        assertThat(tiling).isEqualTo(new Tiling(240, 360, 8));
        assertThat(tiling.decodeRows()).isEqualTo(new TileGrid.Axis(30, 25, 40, 200));
        assertThat(tiling.decodeColumns()).isEqualTo(new TileGrid.Axis(45, 36, 72, 288));
        assertThat(tiling.encodeRows()).isEqualTo(new TileGrid.Axis(240, 200, 5, 25));
        assertThat(tiling.encodeColumns()).isEqualTo(new TileGrid.Axis(360, 288, 9, 36));
    }

    @Test
    void shouldRoundDefaultsUpToWhatTiles() throws IOException {
        // Given: half of 64 × 80 is 32 × 40, and 32 pixels are 4 latents
        VaeConfig config = VaeConfig.read(Reference.CHECKPOINT);

        // When, Then
        assertThat(Tiling.of(config)).isEqualTo(new Tiling(48, 40, 8));
    }

    @ParameterizedTest
    @CsvSource({"100, 80, tile_sample_min_height, 48, 144", "96, 0, tile_sample_min_width, 40, 40"})
    void shouldRefuseTilesThatDoNotMeet(int height, int width, String name, int step, int next) throws IOException {
        // Given
        VaeConfig config = VaeConfig.read(Reference.CHECKPOINT);

        // When, Then
        assertThatThrownBy(() -> Tiling.of(config, height, width))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(name, "multiple of " + step, "the next is " + next);
    }
}
