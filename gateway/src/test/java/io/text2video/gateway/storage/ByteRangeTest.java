package io.text2video.gateway.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.gateway.storage.ByteRange.Asked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {
    private static final long SIZE = 1000;

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 0",
        "bytes=0-499, 0, 499",
        "bytes=500-, 500, 999",
        "bytes=999-, 999, 999",
        "bytes=990-5000, 990, 999",
        "bytes=-1, 999, 999",
        "bytes=-5000, 0, 999",
        "bytes=0-999999999999999999, 0, 999",
    })
    void shouldFindThePart(String header, long first, long last) {
        assertThat(ByteRange.asked(header, SIZE)).isEqualTo(new Asked.Part(new ByteRange(first, last)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=1000-", "bytes=1000-1001", "bytes=-0", "bytes=999999999999999999-"})
    void shouldRefuseBytesThatAreNotThere(String header) {
        assertThat(ByteRange.asked(header, SIZE)).isEqualTo(new Asked.Unsatisfiable());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bytes=",
                "bytes=-",
                "bytes=5-2",
                "bytes=0-1,5-6",
                "items=0-1",
                "bytes=a-b",
                "bytes=99999999999999999999-",
            })
    void shouldIgnoreAHeaderThatMakesNoSenseOrAsksForSeveral(String header) {
        assertThat(ByteRange.asked(header, SIZE)).isEqualTo(new Asked.Whole());
    }
}
