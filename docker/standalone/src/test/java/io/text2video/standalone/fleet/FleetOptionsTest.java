package io.text2video.standalone.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FleetOptionsTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, http://127.0.0.1:8080",
        "localhost, http://localhost:8080",
        "0.0.0.0, http://127.0.0.1:8080",
        "::1, http://[::1]:8080",
        "[::1], http://[::1]:8080",
        "fd00::1, http://[fd00::1]:8080",
        "::, http://127.0.0.1:8080",
        "[::], http://127.0.0.1:8080",
    })
    void shouldNameTheGatewayByAUrl(String host, String url) {
        var options = new FleetOptions(Path.of("data"), host, 0, 0, 0, 0, FleetOptions.Console.NOTHING, Map.of());

        assertThat(options.gateway(8080)).hasToString(url);
        assertThat(options.gateway(8080).getHost()).isNotNull();
    }
}
