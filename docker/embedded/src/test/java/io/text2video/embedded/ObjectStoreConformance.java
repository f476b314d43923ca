package io.text2video.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;
import static org.awaitility.Durations.ONE_MINUTE;

import io.minio.ListMultipartUploadsArgs;
import io.minio.MinioAsyncClient;
import io.text2video.common.storage.ObjectStore;
import io.text2video.common.storage.S3Config;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the fleet needs of an object store. Each store that is tried runs all of it. Objects lie below a prefix of each test's
 * own, and are removed at its end.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ObjectStoreConformance {
    private static final int WRITERS = 16;
    private static final int ROUNDS = 20;
    /** S3 lists so many keys at once. */
    private static final int PAGE = 1000;
    /** More than a part of a multipart upload, which has 5 MiB at least. */
    private static final int LARGE = 12 << 20;

    @TempDir
    Path directory;

    private S3Config config;
    private ObjectStore store;
    private String prefix;

    /**
     * Starts the store that is tried, where it does not run.
     *
     * @param data of the store's own, for as long as it runs
     * @return where it is, and its bucket, which is made when absent
     */
    abstract S3Config start(Path data) throws Exception;

    /** Ends what was started. */
    void stop() throws Exception {}

    @BeforeAll
    void connect(@TempDir Path data) throws Exception {
        config = start(data);
        store = new ObjectStore(config);
        store.ensureBucket();
    }

    @AfterAll
    void disconnect() throws Exception {
        store.close();
        stop();
    }

    @BeforeEach
    void takeAPrefix() {
        prefix = "conformance/" + UUID.randomUUID() + "/";
    }

    @AfterEach
    void removeEverything() throws Exception {
        List<Callable<Object>> removals = new ArrayList<>();
        for (String key : store.list(prefix)) {
            removals.add(() -> {
                store.remove(key);
                return key;
            });
        }
        atOnce(8, removals);
    }

    @Test
    void shouldLetSeveralMakeTheBucket() throws Exception {
        atOnce(
                4,
                IntStream.range(0, 4)
                        .<Callable<Object>>mapToObj(process -> () -> {
                            store.ensureBucket();
                            return process;
                        })
                        .toList());

        assertThat(store.putIfAbsent(prefix + "x", new byte[1], "text/plain")).isTrue();
    }

    @Test
    void shouldBeTakenAtEachStart() throws IOException {
        store.requireConditionalWrites();
        store.requireConditionalWrites();

        assertThat(store.size("conditional-write-probe")).isPresent();
    }

    @Test
    void shouldLetOneOfManyPutAnAbsentObject() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            // Given an object that is absent
            String key = prefix + round + "/result.json";
            var barrier = new CyclicBarrier(WRITERS);
            var winners = new ConcurrentLinkedQueue<String>();

            // When many put it at once
            atOnce(
                    WRITERS,
                    IntStream.range(0, WRITERS)
                            .<Callable<Object>>mapToObj(writer -> () -> {
                                String text = "writer " + writer;
                                barrier.await();
                                if (store.putIfAbsent(key, text.getBytes(UTF_8), "application/json")) {
                                    winners.add(text);
                                }
                                return text;
                            })
                            .toList());

            // Then one has, and whoever comes late has not
            assertThat(winners).hasSize(1);
            assertThat(store.putIfAbsent(key, "late".getBytes(UTF_8), "application/json"))
                    .isFalse();
            assertThat(text(key)).isEqualTo(winners.peek());
        }
    }

    @Test
    void shouldRefuseAConditionalPutOverWhatWasUploaded() throws IOException {
        store.put(prefix + "a", "first".getBytes(UTF_8), "text/plain");

        assertThat(store.putIfAbsent(prefix + "a", "second".getBytes(UTF_8), "text/plain"))
                .isFalse();

        assertThat(text(prefix + "a")).isEqualTo("first");
    }

    @Test
    void shouldTakeAConditionalPutOnceMoreAfterARemoval() throws IOException {
        String key = prefix + "a";
        assertThat(store.putIfAbsent(key, "first".getBytes(UTF_8), "text/plain"))
                .isTrue();
        store.remove(key);

        assertThat(store.putIfAbsent(key, "second".getBytes(UTF_8), "text/plain"))
                .isTrue();
        assertThat(store.putIfAbsent(key, "third".getBytes(UTF_8), "text/plain"))
                .isFalse();

        assertThat(text(key)).isEqualTo("second");
    }

    @Test
    void shouldTellAtOnceWhatWasWritten() throws IOException {
        String key = prefix + "a/state";
        for (int round = 0; round < ROUNDS; round++) {
            String written = "round " + round;
            store.put(key, written.getBytes(UTF_8), "text/plain");
            assertThat(text(key)).isEqualTo(written);
            assertThat(store.size(key)).contains((long) written.length());
            assertThat(store.list(prefix + "a/")).containsExactly(key);

            store.put(key, "over".getBytes(UTF_8), "text/plain");
            assertThat(text(key)).isEqualTo("over");

            store.remove(key);
            assertThat(store.read(key)).isEmpty();
            assertThat(store.size(key)).isEmpty();
            assertThat(store.list(prefix + "a/")).isEmpty();
        }
    }

    @Test
    void shouldListWhatBeginsWithThePrefix() throws IOException {
        for (String key : List.of("a/1", "a/2/deep/er", "a/10", "ab/1", "b/a/1")) {
            store.put(prefix + key, new byte[1], "text/plain");
        }

        assertThat(store.list(prefix + "a/")).containsExactly(prefix + "a/1", prefix + "a/10", prefix + "a/2/deep/er");
        assertThat(store.list(prefix + "a/1")).containsExactly(prefix + "a/1", prefix + "a/10");
        assertThat(store.list(prefix + "c/")).isEmpty();
    }

    @Test
    void shouldListWhatWasWrittenBeforeATime() throws IOException {
        for (String key : List.of("1", "2", "3")) {
            store.put(prefix + key, new byte[1], "text/plain");
        }
        Instant now = Instant.now();

        assertThat(store.listWrittenBefore(now.plus(Duration.ofHours(1)), prefix, 2))
                .containsExactly(prefix + "1", prefix + "2");
        assertThat(store.listWrittenBefore(now.plus(Duration.ofHours(1)), prefix, 9))
                .hasSize(3);
        assertThat(store.listWrittenBefore(now.minus(Duration.ofHours(1)), prefix, 9))
                .isEmpty();
    }

    @Test
    void shouldListMoreKeysThanAPageHas() throws Exception {
        // Given more keys than a page has
        List<String> keys = IntStream.range(0, PAGE + 5)
                .mapToObj(number -> prefix + "many/%04d".formatted(number))
                .toList();
        atOnce(
                8,
                keys.stream()
                        .<Callable<Object>>map(key -> () -> {
                            store.put(key, new byte[1], "text/plain");
                            return key;
                        })
                        .toList());

        // When they are listed, then all are told, in their order
        assertThat(store.list(prefix + "many/")).isEqualTo(keys);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0-1", "3-4", "9-1", "0-10", "7-100"})
    void shouldGiveBackAnyRange(String wanted) throws IOException {
        String content = "0123456789";
        store.put(prefix + "a", content.getBytes(UTF_8), "text/plain");
        int offset = Integer.parseInt(wanted.split("-")[0]);
        int length = Integer.parseInt(wanted.split("-")[1]);

        try (InputStream range = store.open(prefix + "a", offset, length)) {
            assertThat(new String(range.readAllBytes(), UTF_8))
                    .isEqualTo(content.substring(offset, Math.min(content.length(), offset + length)));
        }
    }

    @Test
    void shouldTellSizesAndStarts() throws IOException {
        store.put(prefix + "empty", new byte[0], "text/plain");
        store.put(prefix + "ten", "0123456789".getBytes(UTF_8), "text/plain");

        assertThat(store.size(prefix + "empty")).contains(0L);
        assertThat(store.read(prefix + "empty")).contains(new byte[0]);
        assertThat(store.size(prefix + "ten")).contains(10L);
        assertThat(store.readStart(prefix + "ten", 4)).contains("0123".getBytes(UTF_8));
        assertThat(store.readStart(prefix + "ten", 40)).contains("0123456789".getBytes(UTF_8));
    }

    @Test
    void shouldTellAnAbsentObjectFromAFailure() throws IOException {
        store.remove(prefix + "none");
        assertThat(store.read(prefix + "none")).isEmpty();
        assertThat(store.readStart(prefix + "none", 1)).isEmpty();
        assertThat(store.size(prefix + "none")).isEmpty();
        assertThat(store.list(prefix + "none")).isEmpty();
        assertThatThrownBy(() -> store.open(prefix + "none", 0, 1)).isInstanceOf(IOException.class);

        var wrong = new S3Location(
                config.endpoint(),
                config.accessKey(),
                Optional.of(() -> "wrong-secret"),
                config.bucket(),
                config.region());
        try (var refused = new ObjectStore(wrong)) {
            assertThatThrownBy(() -> refused.read(prefix + "none"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(prefix + "none");
        }
    }

    @Test
    void shouldKeepALargeFileByteForByte() throws IOException {
        Path file = randomFile();

        store.upload(prefix + "large.mp4", file, "video/mp4");

        assertThat(store.size(prefix + "large.mp4")).contains((long) LARGE);
        assertThat(store.read(prefix + "large.mp4").orElseThrow()).isEqualTo(Files.readAllBytes(file));
        assertThat(store.putIfAbsent(prefix + "large.mp4", new byte[1], "video/mp4"))
                .isFalse();
    }

    @Test
    void shouldKeepNothingOfAnUploadThatBroke() throws Exception {
        // Given a way to the store that breaks for good in the middle of a large file, as when a worker is killed
        URI endpoint = URI.create(config.endpoint());
        assumeThat(endpoint.getScheme())
                .as("what stands in TLS's way is found out")
                .isEqualTo("http");
        Path file = randomFile();
        try (var breaking = new BreakingWay(endpoint, LARGE / 2);
                var broken = new ObjectStore(new S3Location(
                        breaking.endpoint(),
                        config.accessKey(),
                        config.secretKey(),
                        config.bucket(),
                        config.region()))) {
            // When it is uploaded
            assertThatThrownBy(() -> broken.upload(prefix + "large.mp4", file, "video/mp4"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(prefix + "large.mp4");
        }

        // Then, once the store knows, nothing is there: no object, and no parts that only a lifecycle rule would remove
        await().atMost(ONE_MINUTE).untilAsserted(() -> {
            assertThat(store.size(prefix + "large.mp4")).isEmpty();
            assertThat(store.list(prefix)).isEmpty();
            assertThat(startedUploads()).isEmpty();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "with blank",
                "a+b",
                "100%25",
                "a&b=c;d,e",
                "(it's)!*~$@:",
                "größe/画像/😀.png",
                "UPPER/lower.Png",
                "-._",
                "a?b#c"
            })
    void shouldKeepOddKeysAsTheyAre(String key) throws IOException {
        assertThat(store.putIfAbsent(prefix + key, key.getBytes(UTF_8), "text/plain"))
                .isTrue();
        assertThat(store.putIfAbsent(prefix + key, key.getBytes(UTF_8), "text/plain"))
                .isFalse();
        assertThat(text(prefix + key)).isEqualTo(key);
        assertThat(store.size(prefix + key)).contains((long) key.getBytes(UTF_8).length);
        assertThat(store.list(prefix)).containsExactly(prefix + key);

        store.remove(prefix + key);

        assertThat(store.list(prefix)).isEmpty();
    }

    private String text(String key) throws IOException {
        return new String(store.read(key).orElseThrow(), UTF_8);
    }

    private Path randomFile() throws IOException {
        byte[] bytes = new byte[LARGE];
        new Random(1).nextBytes(bytes);
        return Files.write(directory.resolve("large.mp4"), bytes);
    }

    private List<String> startedUploads() throws Exception {
        try (var client = MinioAsyncClient.builder()
                .endpoint(config.endpoint())
                .credentials(
                        config.accessKey().orElseThrow(),
                        config.secretKey().orElseThrow().get())
                .region(config.region())
                .build()) {
            return client
                    .listMultipartUploads(ListMultipartUploadsArgs.builder()
                            .bucket(config.bucket())
                            .prefix(prefix)
                            .build())
                    .get()
                    .result()
                    .uploads()
                    .stream()
                    .map(upload -> upload.objectName())
                    .toList();
        }
    }

    private static void atOnce(int threads, List<Callable<Object>> calls) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (Future<Object> call : pool.invokeAll(calls)) {
                call.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }
}
