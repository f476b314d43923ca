package io.text2video.worker.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.text2video.worker.Reference;
import io.text2video.worker.config.TransformerConfig;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RotaryGridTest {
    @ParameterizedTest
    @CsvSource({
        // The base of reference 5b is 4 rows of 5 columns; expected: get_resize_crop_region_for_grid of diffusers 0.39.
        "4, 5, 0, 3, 0, 4",
        "8, 10, 0, 3.5, 0, 4.5",
        "6, 4, 0, 3.3333333, 1, 3",
        "2, 9, 2, 1.5, 0, 4.4444447",
        "1, 1, 0, 0, 0, 0",
        "1, 4, 2, 2, 0, 3.75",
        "3, 1, 0, 2.6666667, 2, 2",
    })
    void shouldStretchAGridOverWhatItsShapeCovers(
            int height, int width, float firstRow, float lastRow, float firstColumn, float lastColumn)
            throws IOException {
        // When
        RotaryGrid grid = RotaryGrid.of(TransformerConfig.read(Reference.checkpoint("5b")), 3, height, width);

        // Then
        assertThat(grid.rows()).hasSize(height);
        assertThat(grid.columns()).hasSize(width);
        assertThat(grid.rows()[0]).isEqualTo(firstRow);
        assertThat(grid.rows()[height - 1]).isCloseTo(lastRow, within(1e-6));
        assertThat(grid.columns()[0]).isEqualTo(firstColumn);
        assertThat(grid.columns()[width - 1]).isCloseTo(lastColumn, within(1e-6));
        assertThat(grid.frames()).containsExactly(0, 1, 2);
    }

    @Test
    void shouldCountFromTheCornerSince15() throws IOException {
        // When
        RotaryGrid grid = RotaryGrid.of(TransformerConfig.read(Reference.checkpoint("1.5")), 2, 3, 4);

        // Then
        assertThat(grid.frames()).containsExactly(0, 1);
        assertThat(grid.rows()).containsExactly(0, 1, 2);
        assertThat(grid.columns()).containsExactly(0, 1, 2, 3);
    }
}
