package io.text2video.worker.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Durations.ONE_MINUTE;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.text2video.worker.Reference;
import io.text2video.worker.hub.HubException.Reason;
import io.text2video.worker.hub.LocalHub.Asked;
import io.text2video.worker.hub.LocalHub.Refusal;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Fetching a model from a hub that behaves, and from one that does not. */
@Tag("slow")
class HubDownloadTest extends CacheFixture {
    @Test
    void shouldFetchWhatThePipelineReadsAndNothingElse() throws Exception {
        // Given files that no pipeline reads
        published
                .put("transformer/diffusion_pytorch_model.bin", new byte[] {(byte) 0x80, 2})
                .put("transformer/diffusion_pytorch_model.fp16.safetensors", new byte[10])
                .put("assets/demo.onnx", new byte[10]);
        List<DownloadListener.Progress> told = Collections.synchronizedList(new ArrayList<>());

        // When
        HubDownload.Result result = download().fetch(MODEL, told::add);

        // Then
        assertRight(result.directory());
        assertThat(result.fetchedBytes()).isEqualTo(sent());
        DownloadListener.Progress last = told.get(told.size() - 1);
        assertThat(last).isEqualTo(new DownloadListener.Progress(sent(), sent(), 13, 13));
        Path pointer = result.directory().resolve(WEIGHTS);
        assertThat(Files.readSymbolicLink(pointer).toString())
                .isEqualTo("../../../blobs/"
                        + LocalRepository.etag(WEIGHTS, published.files().get(WEIGHTS)));
        assertThat(cache.snapshot(MODEL)).isEqualTo(result.directory());
        assertThat(ModelLocation.resolve(ID, environment)).isEqualTo(new ModelLocation(ID, result.directory()));
    }

    @Test
    void shouldFetchAVariantThatIsAlone() throws Exception {
        // Given a transformer in fp16 alone, and the other library's name beside it
        String variant = "transformer/diffusion_pytorch_model.fp16.safetensors";
        byte[] weights = published.files().remove(WEIGHTS);
        published.put(variant, weights).put("transformer/model.safetensors", new byte[10]);

        // When
        Path snapshot = fetch().directory();

        // Then
        assertThat(snapshot.resolve(variant)).hasBinaryContent(weights);
        assertThat(snapshot.resolve("transformer/model.safetensors")).doesNotExist();
        assertThat(cache.snapshot(MODEL)).isEqualTo(snapshot);
    }

    @Test
    void shouldFetchARevisionOfAnyForm() throws Exception {
        var pull = new ModelReference.Repository(ID, "refs/pr/1");

        HubDownload.Result result = download().fetch(pull, DownloadListener.NONE);

        assertThat(folder().resolve("refs/refs/pr/1")).hasContent(published.commit());
        assertThat(cache.snapshot(pull)).isEqualTo(result.directory());
    }

    @Test
    void shouldTellOnlyTheHubTheToken() throws Exception {
        // Given a model that needs it, and somebody who reads all logs
        environment.put("HF_TOKEN", TOKEN);
        hub.faults.token = TOKEN;
        List<String> logged = Collections.synchronizedList(new ArrayList<>());
        Logger root = Logger.getLogger("");
        Level level = root.getLevel();
        Handler reader = reader(logged);
        root.addHandler(reader);
        root.setLevel(Level.ALL);

        // When
        try {
            assertRight(fetch().directory());
            Logger.getLogger("okhttp3").warning("the reader reads");
        } finally {
            root.removeHandler(reader);
            root.setLevel(level);
        }

        // Then
        assertThat(hub.asked)
                .filteredOn(asked -> asked.server().equals("hub"))
                .allSatisfy(asked -> assertThat(asked.authorization()).isEqualTo("Bearer " + TOKEN));
        assertThat(hub.asked)
                .filteredOn(asked -> asked.server().equals("store"))
                .isNotEmpty()
                .allSatisfy(asked -> assertThat(asked.authorization()).isNull());
        assertThat(hub.asked).extracting(Asked::userAgent).allMatch(agent -> agent.startsWith("text2video"));
        // Another thread may just write its last line there.
        assertThat(List.copyOf(logged))
                .anyMatch(line -> line.contains("the reader reads"))
                .noneMatch(line -> line.contains(TOKEN));
        assertThat(HubSettings.of(environment).toString()).doesNotContain(TOKEN);
    }

    private static Handler reader(List<String> logged) {
        return new Handler() {
            @Override
            public void publish(LogRecord entry) {
                logged.add(entry.getMessage()
                        + List.of(entry.getParameters() == null ? new Object[0] : entry.getParameters()));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }

    static Stream<Arguments> passingFaults() {
        Map<String, String> soon = Map.of("Retry-After", "0");
        return Stream.of(
                fault("every connection is cut after 100 kB", hub -> hub.faults.cutAfter = 100_000),
                fault("an answer claims to be shorter than the file", hub -> hub.faults.contentLength = 300_000),
                fault("wrong bytes once", hub -> hub.faults.falsifications.put(WEIGHTS, 1)),
                fault("weak ETags", hub -> hub.faults.weak = true),
                fault("redirects on the same host", hub -> hub.faults.indirect = true),
                fault("too many requests", hub -> hub.refusals.addAll(Collections.nCopies(5, new Refusal(429, soon)))),
                fault(
                        "a date to wait for",
                        hub -> hub.refusals.add(
                                new Refusal(503, Map.of("Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT")))),
                fault(
                        "errors of the hub",
                        hub -> hub.refusals.addAll(Collections.nCopies(4, new Refusal(500, Map.of())))));
    }

    private static Arguments fault(String what, Consumer<LocalHub> fault) {
        return arguments(what, fault);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("passingFaults")
    void shouldFetchInSpiteOf(String what, Consumer<LocalHub> fault) throws Exception {
        fault.accept(hub);

        assertRight(fetch().directory());
    }

    @Test
    void shouldStartOverWithAStoreWithoutRanges() throws Exception {
        // Given what an interrupted download left, and a store that has since lost its ranges
        leaveHalfOf(WEIGHTS);
        hub.faults.ranges = false;

        // When / Then
        assertRight(fetch().directory());
        assertThat(hub.sent).containsEntry(WEIGHTS, (long) published.files().get(WEIGHTS).length);
    }

    @Test
    void shouldGoOnWhereTheLastDownloadStopped() throws Exception {
        leaveHalfOf(WEIGHTS);

        assertRight(fetch().directory());

        int size = published.files().get(WEIGHTS).length;
        assertThat(hub.sent).containsEntry(WEIGHTS, (long) size - size / 2);
    }

    @Test
    void shouldThrowAwayWhatIsNotTheFile() throws Exception {
        // Given an incomplete file that is too long, and one of the right length with other bytes
        byte[] weights = published.files().get(WEIGHTS);
        leave(WEIGHTS, new byte[weights.length + 1]);
        leave("tokenizer/spiece.model", new byte[published.files().get("tokenizer/spiece.model").length]);

        assertRight(fetch().directory());
    }

    private void leaveHalfOf(String name) throws IOException {
        byte[] content = published.files().get(name);
        leave(name, Arrays.copyOf(content, content.length / 2));
    }

    private void leave(String name, byte[] content) throws IOException {
        Path blobs = Files.createDirectories(folder().resolve("blobs"));
        String etag = LocalRepository.etag(name, published.files().get(name));
        Files.write(blobs.resolve(etag + ".incomplete"), content);
    }

    @Test
    void shouldStopWhenInterruptedAndGoOnLater() throws Exception {
        // Given a download that is in the middle of a file, from a store that sends no more
        var inTheMiddle = new CountDownLatch(1);
        var never = new CountDownLatch(1);
        hub.faults.afterPiece = name -> {
            if (name.equals(WEIGHTS) && hub.sent.get(name) > 1_000_000) {
                inTheMiddle.countDown();
                await(never);
            }
        };
        var thread = Executors.newSingleThreadExecutor();
        var fetching = thread.submit(this::fetch);
        inTheMiddle.await();
        // What is sent may still be on its way.
        Awaitility.await().atMost(ONE_MINUTE).until(this::somethingHasArrived);

        // When
        thread.shutdownNow();

        // Then
        assertThatThrownBy(fetching::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        assertThatThrownBy(() -> cache.snapshot(MODEL)).isInstanceOf(HubException.class);
        never.countDown();
        hub.faults.afterPiece = name -> {};
        long sent = hub.sent.get(WEIGHTS);
        assertRight(fetch().directory());
        assertThat(hub.sent.get(WEIGHTS) - sent).isLessThan(published.files().get(WEIGHTS).length);
    }

    private boolean somethingHasArrived() throws IOException {
        try (Stream<Path> files = Files.list(folder().resolve("blobs"))) {
            return files.anyMatch(file ->
                    file.toString().endsWith(".incomplete") && file.toFile().length() > 500_000);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void shouldConnectToNobodyWhenThereIsNoNeed() throws Exception {
        // Given a model that is here
        Path snapshot = fetch().directory();
        hub.asked.clear();

        // When it is asked for by its commit, or offline
        var pinned = download().fetch(new ModelReference.Repository(ID, published.commit()), DownloadListener.NONE);
        environment.put("HF_HUB_OFFLINE", "on");
        var offline = fetch();

        // Then
        assertThat(pinned).isEqualTo(new HubDownload.Result(published.commit(), snapshot, 0, 0));
        assertThat(offline).isEqualTo(pinned);
        assertThat(hub.asked).isEmpty();
    }

    @Test
    void shouldConnectToNobodyOffline() throws Exception {
        environment.put("HF_HUB_OFFLINE", "1");

        assertThatThrownBy(this::fetch).isInstanceOfSatisfying(HubException.class, e -> {
            assertThat(e.reason()).isEqualTo(Reason.OFFLINE);
            assertThat(e).hasMessageContaining("HF_HUB_OFFLINE");
        });
        assertThat(hub.asked).isEmpty();
    }

    @Test
    void shouldFetchOnlyWhatChanged() throws Exception {
        // Given the last commit
        fetch();
        long before = sent();
        published.put("model_index.json", (new String(published.files().get("model_index.json")) + "\n").getBytes());

        // When
        HubDownload.Result result = fetch();

        // Then
        assertRight(result.directory());
        assertThat(sent() - before).isEqualTo(published.files().get("model_index.json").length);
    }

    @Test
    void shouldSayThatNobodyIsThere() throws Exception {
        hub.close();

        assertThatThrownBy(this::fetch).isInstanceOfSatisfying(HubException.class, e -> assertThat(e.reason())
                .isEqualTo(Reason.UNREACHABLE));
    }

    @Test
    void shouldNotFollowToAnotherHostWithTheToken() throws Exception {
        // Given a second hub that the first one redirects its listing to
        environment.put("HF_TOKEN", TOKEN);
        try (var other = new LocalHub()) {
            other.publish(ID, Reference.TINY_CHECKPOINT);
            URI elsewhere = other.endpoint().resolve("/api/models/" + ID + "/revision/main");
            hub.refusals.add(new Refusal(302, Map.of("Location", elsewhere.toString())));

            // When
            assertRight(fetch().directory());

            // Then
            assertThat(other.asked).hasSize(1).extracting(Asked::authorization).containsOnlyNulls();
        }
    }
}
