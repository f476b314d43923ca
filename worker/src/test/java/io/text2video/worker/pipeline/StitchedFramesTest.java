package io.text2video.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StitchedFramesTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldShowTheSharedFrameOnce(int firstChunk) {
        // Given
        var shown = new ByteArrayOutputStream();
        var sink = new StitchedFrames(frames(1, 2, 3), chunk -> shown.writeBytes(chunk.rgb()));

        // When
        sink.accept(firstChunk == 1 ? frames(3) : frames(3, 4, 5));
        sink.accept(firstChunk == 1 ? frames(4, 5, 6) : frames(6));

        // Then
        assertThat(shown.toByteArray()).isEqualTo(frames(1, 2, 3, 4, 5, 6).rgb());
    }

    @Test
    void shouldNotJoinFramesOfOtherSizes() {
        var sink = new StitchedFrames(frames(1), chunk -> {});

        assertThatThrownBy(() -> sink.accept(new Frames(1, 2, 1, new byte[6])))
                .hasMessage("frames of 1x2 cannot follow those of 1x1");
    }

    private static Frames frames(int... shades) {
        byte[] rgb = new byte[3 * shades.length];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) shades[i / 3];
        }
        return new Frames(shades.length, 1, 1, rgb);
    }
}
