package io.text2video.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreferredWaitTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "wait=1                       | 1",
                "wait=60                      | 60",
                "wait=61                      | 60",
                "wait=999999999               | 60",
                "Wait = \"20\"                | 20",
                "respond-async, wait=10       | 10",
                "handling=lenient,wait=5;x=1  | 5",
                "wait=3, wait=7               | 3",
            })
    void shouldReadHowLongAClientWouldWait(String preferences, int seconds) {
        assertThat(PreferredWait.parse(preferences)).contains(new PreferredWait(seconds));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "respond-async", "wait", "wait=", "wait=0", "wait=-1", "wait=1.5", "wait=soon", "await=5"})
    void shouldPassOverWhatIsNoWait(String preferences) {
        assertThat(PreferredWait.parse(preferences)).isEmpty();
    }
}
