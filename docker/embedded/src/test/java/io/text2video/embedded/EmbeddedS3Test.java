package io.text2video.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.common.storage.ObjectStore;
import io.text2video.common.storage.UnsupportedStoreException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class EmbeddedS3Test {
    @TempDir
    Path data;

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
    void shouldFailWithAnIOExceptionWhenNobodyAnswers() {
        try (var nowhere = new ObjectStore(new S3Location("http://127.0.0.1:1", "key", "secret-key"))) {
            assertThatThrownBy(() -> nowhere.size("videos/a/1.mp4")).isInstanceOf(IOException.class);
            assertThatThrownBy(nowhere::ensureBucket)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("make bucket text2video");
        }
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
}
