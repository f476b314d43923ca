package io.text2video.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.common.storage.ObjectStore;
import io.text2video.common.storage.UnsupportedStoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedS3Test {
    @TempDir
    Path data;

    private EmbeddedS3 s3;
    private ObjectStore store;

    @BeforeEach
    void start() throws IOException {
        s3 = new EmbeddedS3(data.resolve("s3"), 0, "key", "secret-key");
        store = new ObjectStore(s3.config());
        store.ensureBucket();
    }

    @AfterEach
    void stop() {
        store.close();
        s3.close();
    }

    @Test
    void shouldGiveBackAnyRangeOfAnUploadedFile() throws IOException {
        Path file = Files.writeString(data.resolve("file"), "0123456789");

        store.upload("videos/a/1.mp4", file, "video/mp4");

        assertThat(store.size("videos/a/1.mp4")).contains(10L);
        assertThat(store.read("videos/a/1.mp4")).contains("0123456789".getBytes(UTF_8));
        try (var range = store.open("videos/a/1.mp4", 3, 4)) {
            assertThat(range).hasContent("3456");
        }
    }

    @Test
    void shouldListWhatIsInARelativeDirectory() throws IOException {
        // Given a store whose directory is told of from where the process is
        Path relative = Path.of("").toAbsolutePath().relativize(data.resolve("relative"));
        try (var other = new EmbeddedS3(relative, 0, "key", "secret-key");
                var objects = new ObjectStore(other.config())) {
            objects.ensureBucket();

            // When something is stored
            objects.putIfAbsent("videos/a/1-1.attempt", new byte[] {1}, "application/json");

            // Then it is listed
            assertThat(objects.list("videos/a/")).containsExactly("videos/a/1-1.attempt");
        }
    }

    @Test
    void shouldTellAnAbsentObjectFromAFailure() throws IOException {
        assertThat(store.read("videos/none")).isEmpty();
        assertThat(store.size("videos/none")).isEmpty();
        try (var wrong = new ObjectStore(new S3Location(s3.config().endpoint(), "key", "wrong-secret"))) {
            assertThatThrownBy(() -> wrong.read("videos/none"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("videos/none");
        }
    }

    @Test
    void shouldFailWithAnIOExceptionWhenNobodyAnswers() {
        try (var nowhere = new ObjectStore(new S3Location("http://127.0.0.1:1", "key", "secret-key"))) {
            assertThatThrownBy(() -> nowhere.size("videos/a/1.mp4")).isInstanceOf(IOException.class);
            assertThatThrownBy(nowhere::ensureBucket)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("make bucket text2video");
        }
    }

    @Test
    void shouldLetOneOfManyWritersPutAnAbsentObject() throws IOException {
        long winners = IntStream.range(0, 16)
                .parallel()
                .filter(writer -> putIfAbsent("writer " + writer))
                .count();

        assertThat(winners).isEqualTo(1);
        assertThat(store.putIfAbsent("videos/a/result.json", "late".getBytes(UTF_8), "text/plain"))
                .isFalse();
        assertThat(new String(store.read("videos/a/result.json").orElseThrow(), UTF_8))
                .startsWith("writer ");
    }

    @Test
    void shouldRemoveAnObjectOnce() throws IOException {
        store.putIfAbsent("videos/a/1.png", new byte[1], "image/png");

        store.remove("videos/a/1.png");
        store.remove("videos/a/1.png");

        assertThat(store.size("videos/a/1.png")).isEmpty();
    }

    @Test
    void shouldLetSeveralMakeTheBucket() throws IOException {
        store.ensureBucket();
        store.ensureBucket();

        assertThat(store.putIfAbsent("x", new byte[1], "text/plain")).isTrue();
    }

    @Test
    void shouldTakeAStoreThatHonoursConditionsAtEachStart() throws IOException {
        store.requireConditionalWrites();
        store.requireConditionalWrites();

        assertThat(store.list("")).containsExactly("conditional-write-probe");
    }

    @Test
    void shouldRefuseAStoreThatIgnoresConditions() throws Exception {
        // Given a store to which a conditional write is like any other
        try (var careless = new CarelessS3(
                        data.resolve("careless"),
                        request -> request.toBuilder().ifNoneMatch(null).build());
                var objects = new ObjectStore(careless.config())) {
            objects.ensureBucket();

            // When it is asked, then it is refused by name of what is missing; at the next start too
            for (int start = 0; start < 2; start++) {
                assertThatThrownBy(objects::requireConditionalWrites)
                        .isInstanceOf(UnsupportedStoreException.class)
                        .hasMessageContaining("bucket text2video has no conditional writes (If-None-Match: * on PUT)")
                        .hasMessageContaining("ignores it");
            }
        }
    }

    @Test
    void shouldRefuseAStoreThatKnowsNoConditions() throws Exception {
        try (var careless = new CarelessS3(data.resolve("careless"), request -> {
                    throw new UnsupportedOperationException("no conditions here");
                });
                var objects = new ObjectStore(careless.config())) {
            objects.ensureBucket();

            assertThatThrownBy(objects::requireConditionalWrites)
                    .isInstanceOf(UnsupportedStoreException.class)
                    .hasMessageContaining("refuses it");
        }
    }

    private boolean putIfAbsent(String text) {
        try {
            return store.putIfAbsent("videos/a/result.json", text.getBytes(UTF_8), "text/plain");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
