package io.text2video.standalone.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GpuMemoryTest {
    @Test
    void shouldAddUpWhatAProcessHoldsOfEachGpu() {
        assertThat(GpuMemory.of(42, "7, 900\n42, 1024\n42, 16\n")).hasValue(1040L << 20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7, 900", "42, [N/A]"})
    void shouldSayNothingOfAProcessThatIsNotListed(String table) {
        assertThat(GpuMemory.of(42, table)).isEmpty();
    }
}
