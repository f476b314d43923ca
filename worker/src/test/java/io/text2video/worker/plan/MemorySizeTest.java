package io.text2video.worker.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemorySizeTest {
    @ParameterizedTest
    @CsvSource({
        "14GiB, 15032385536",
        "800MiB, 838860800",
        "1.5GB, 1500000000",
        "2 TiB, 2199023255552",
        "1KB, 1000",
        "865417.188KB, 865417188"
    })
    void shouldReadAnAmountAndItsUnit(String text, long bytes) {
        assertThat(MemorySize.of(text).bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 1000, 14L << 30, 800L << 20, 1_500_000_001L, 17_603_238_297L})
    void shouldWriteWhatItReads(long bytes) {
        assertThat(MemorySize.of(new MemorySize(bytes).toString()).bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "14", "14G", "GiB", "-1GiB", "0GiB", "1,5GB", "14gib", "1e3MiB", "14 GiB of it", "0.0001KB"})
    void shouldRefuseWhatIsNoAmount(String text) {
        assertThatThrownBy(() -> MemorySize.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + text + "\"")
                .hasMessageContaining("14GiB");
    }
}
