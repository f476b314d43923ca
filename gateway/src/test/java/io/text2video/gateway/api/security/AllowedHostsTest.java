package io.text2video.gateway.api.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.net.HostAndPort;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedHostsTest {
    @ParameterizedTest
    @ValueSource(strings = {"http://localhost", "local host", "a/b", "", "localhost:port", "user@localhost"})
    void shouldSayWhichHostIsNone(String host) {
        assertThatThrownBy(() -> new AllowedHosts(List.of(host)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + host + "'")
                .hasMessageContaining("localhost:8080");
    }

    @Test
    void shouldTakeTheSchemesPortWhereThereIsNone() {
        var hosts = new AllowedHosts(List.of("one.example:80", "two.example:443"));

        assertThat(hosts.contains(HostAndPort.parseAuthority("one.example", -1), "http"))
                .isTrue();
        assertThat(hosts.contains(HostAndPort.parseAuthority("one.example", -1), "https"))
                .isFalse();
        assertThat(hosts.contains(HostAndPort.parseAuthority("two.example", -1), "https"))
                .isTrue();
    }
}
