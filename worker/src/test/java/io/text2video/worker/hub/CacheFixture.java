package io.text2video.worker.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A hub that has a model, and an empty cache. */
abstract class CacheFixture {
    static final String ID = "acme/CogVideoX-tiny";
    static final ModelReference.Repository MODEL = new ModelReference.Repository(ID);
    static final String TOKEN = "hf_aVerySecretToken";
    static final String WEIGHTS = "transformer/diffusion_pytorch_model.safetensors";

    @TempDir
    Path directory;

    LocalHub hub;
    LocalRepository published;
    HubCache cache;
    final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void startHub() throws IOException {
        hub = new LocalHub();
        published = hub.publish(ID, Reference.TINY_CHECKPOINT);
        environment.put("HF_HOME", directory.toString());
        environment.put("HF_ENDPOINT", hub.endpoint().toString());
        cache = HubCache.of(environment);
    }

    @AfterEach
    void stopHub() {
        hub.close();
    }

    HubDownload download() throws IOException {
        return new HubDownload(HubSettings.of(environment), cache, 4, Duration.ofMillis(1));
    }

    HubDownload.Result fetch() throws IOException, InterruptedException {
        return download().fetch(MODEL, DownloadListener.NONE);
    }

    Path folder() {
        return cache.directory().resolve("models--acme--CogVideoX-tiny");
    }

    /** That the snapshot is what was published, file by file, as far as the pipeline reads it. */
    void assertRight(Path snapshot) throws IOException {
        assertThat(snapshot.getFileName()).hasToString(published.commit());
        List<Path> files;
        try (Stream<Path> entries = Files.walk(snapshot)) {
            files = entries.filter(Files::isRegularFile).toList();
        }
        assertThat(files).hasSize(13);
        for (Path file : files) {
            assertThat(Files.readAllBytes(file))
                    .as(file.toString())
                    .isEqualTo(published.files().get(snapshot.relativize(file).toString()));
        }
        assertThat(folder().resolve("refs/main")).hasContent(published.commit());
        assertSound();
    }

    /** That all blobs are what their names say. */
    void assertSound() throws IOException {
        if (!Files.isDirectory(folder().resolve("blobs"))) {
            return;
        }
        try (Stream<Path> blobs = Files.list(folder().resolve("blobs"))) {
            for (Path blob : (Iterable<Path>) blobs::iterator) {
                String name = blob.getFileName().toString();
                assertThat(name.endsWith(".incomplete") || BlobHash.matches(blob, name))
                        .as(name)
                        .isTrue();
            }
        }
    }

    long sent() {
        return hub.sent.values().stream().mapToLong(Long::longValue).sum();
    }
}
