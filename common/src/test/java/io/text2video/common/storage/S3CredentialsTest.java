package io.text2video.common.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minio.credentials.Credentials;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class S3CredentialsTest {
    @TempDir
    Path directory;

    private final Map<String, String> before = new HashMap<>();

    /** The client reads what it looks for in the environment from system properties too. */
    @BeforeEach
    void haveNoneAround() {
        set("AWS_SHARED_CREDENTIALS_FILE", directory.resolve("credentials").toString());
        set("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/");
    }

    @AfterEach
    void restore() {
        before.forEach((name, value) -> {
            if (value == null) {
                System.clearProperty(name);
            } else {
                System.setProperty(name, value);
            }
        });
    }

    @Test
    void shouldTakeTheConfiguredKeysAndNotShowTheSecret() throws Exception {
        S3Config config = config(Map.of("s3.access-key", "fleet", "s3.secret-key", "hush-hush"));

        Credentials credentials = S3Credentials.of(config).fetch();

        assertThat(credentials.accessKey()).isEqualTo("fleet");
        assertThat(credentials.secretKey()).isEqualTo("hush-hush");
        assertThat(config.secretKey().toString() + config).doesNotContain("hush-hush");
    }

    @Test
    void shouldNameTheVariablesWhenThereAreNoCredentials() {
        S3Config config = config(Map.of());

        assertThatThrownBy(() -> new ObjectStore(config))
                .isInstanceOf(MissingCredentialsException.class)
                .hasMessageContainingAll(
                        "S3_ACCESS_KEY", "S3_SECRET_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
    }

    @ParameterizedTest
    @CsvSource({"s3.access-key, S3_SECRET_KEY", "s3.secret-key, S3_ACCESS_KEY"})
    void shouldNameTheOneThatLacks(String given, String lacking) {
        S3Config config = config(Map.of(given, "hush-hush"));

        assertThatThrownBy(() -> new ObjectStore(config))
                .isInstanceOf(MissingCredentialsException.class)
                .hasMessageEndingWith("without " + lacking)
                .hasMessageNotContaining("hush-hush");
    }

    @Test
    void shouldTakeWhatAwsProgramsTake() throws Exception {
        // Given a profile, then it is taken
        Files.writeString(
                directory.resolve("credentials"),
                "[default]\naws_access_key_id = from-file\naws_secret_access_key = hush-hush\n");
        assertThat(S3Credentials.of(config(Map.of())).fetch().accessKey()).isEqualTo("from-file");

        // And the environment goes before it
        set("AWS_ACCESS_KEY_ID", "from-environment");
        set("AWS_SECRET_ACCESS_KEY", "hush-hush");
        assertThat(S3Credentials.of(config(Map.of())).fetch().accessKey()).isEqualTo("from-environment");
    }

    private void set(String name, String value) {
        String old = System.setProperty(name, value);
        if (!before.containsKey(name)) {
            before.put(name, old);
        }
    }

    private static S3Config config(Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .withMapping(S3Config.class)
                .withDefaultValues(values)
                .build()
                .getConfigMapping(S3Config.class);
    }
}
