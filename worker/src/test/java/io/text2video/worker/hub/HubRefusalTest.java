package io.text2video.worker.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.text2video.worker.hub.HubException.Reason;
import io.text2video.worker.hub.LocalHub.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What cannot be fetched ends in an error that says why, and leaves no snapshot and no wrong blob. */
class HubRefusalTest extends CacheFixture {
    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal("no such model", Reason.REPOSITORY_NOT_FOUND, ID, answer(401, "RepoNotFound")),
                refusal("no such revision", Reason.REVISION_NOT_FOUND, "main", answer(404, "RevisionNotFound")),
                refusal("no token", Reason.GATED, "accept its licence at", test -> test.hub.faults.token = "other"),
                refusal("a token that may not", Reason.GATED, "(a token was sent)", test -> {
                    test.hub.faults.token = "other";
                    test.environment.put("HF_TOKEN", TOKEN);
                }),
                refusal("unauthorized", Reason.UNAUTHORIZED, "HF_TOKEN", answer(401, "")),
                refusal("forbidden", Reason.UNAUTHORIZED, "HF_TOKEN", answer(403, "")),
                refusal("not found", Reason.REPOSITORY_NOT_FOUND, ID, answer(404, "")),
                refusal("another status", Reason.UNEXPECTED_ANSWER, "418", answer(418, "")),
                refusal(
                        "a long wait",
                        Reason.UNREACHABLE,
                        "asks to wait 86400 s",
                        test -> test.hub.refusals.add(new Refusal(429, Map.of("Retry-After", "86400")))),
                refusal(
                        "errors without end",
                        Reason.UNREACHABLE,
                        "answered 500",
                        test -> test.hub.refusals.addAll(Collections.nCopies(1000, new Refusal(500, Map.of())))),
                refusal(
                        "no redirect's end",
                        Reason.UNEXPECTED_ANSWER,
                        "circle",
                        test -> test.hub.refusals.addAll(
                                Collections.nCopies(1000, new Refusal(302, Map.of("Location", "/again"))))),
                refusal(
                        "a file that is gone",
                        Reason.FILE_NOT_FOUND,
                        WEIGHTS,
                        test -> test.hub.faults.gone.add(WEIGHTS)),
                refusal(
                        "wrong bytes twice",
                        Reason.CORRUPT,
                        WEIGHTS,
                        test -> test.hub.faults.falsifications.put(WEIGHTS, 2)),
                refusal(
                        "more bytes than announced",
                        Reason.UNEXPECTED_ANSWER,
                        "is longer than",
                        test -> test.hub.faults.announcedMore = -1),
                refusal(
                        "fewer bytes than announced",
                        Reason.UNEXPECTED_ANSWER,
                        "does not come to",
                        test -> test.hub.faults.announcedMore = 1),
                refusal("neither ranges nor patience", Reason.UNEXPECTED_ANSWER, "a store without ranges", test -> {
                    test.hub.faults.ranges = false;
                    test.hub.faults.cutAfter = 100_000;
                }),
                refusal(
                        "more than the disk",
                        Reason.DISK_FULL,
                        "are to be fetched",
                        test -> test.hub.faults.announcedMore = 1L << 50),
                refusal("no pipeline", Reason.UNUSABLE, "lacks model_index.json", test -> test.published
                        .files()
                        .remove("model_index.json")),
                refusal("pickles", Reason.UNUSABLE, "[diffusion_pytorch_model.bin]", test -> {
                    test.published.files().remove(WEIGHTS);
                    test.published.put("transformer/diffusion_pytorch_model.bin", new byte[] {(byte) 0x80, 2});
                }),
                refusal(
                        "a pickle in disguise",
                        Reason.UNUSABLE,
                        "it is a pickle",
                        test -> test.published.put(
                                WEIGHTS,
                                new byte[] {(byte) 0x80, 2, (byte) 0x8a, 10, 'l', (byte) 0xfc, 'F', (byte) 0x9c, 0})),
                refusal(
                        "a zip in disguise",
                        Reason.UNUSABLE,
                        "it is a zip archive",
                        test -> test.published.put(WEIGHTS, "PK\3\4..........".getBytes(StandardCharsets.US_ASCII))),
                refusal("a shard that is not there", Reason.UNUSABLE, "lacks transformer/a.safetensors", index("a")),
                refusal("a shard that is elsewhere", null, "no plain name", index("../../../a")));
    }

    private static Arguments refusal(String what, Reason reason, String text, Consumer<HubRefusalTest> fault) {
        return arguments(what, reason, text, fault);
    }

    private static Consumer<HubRefusalTest> answer(int status, String code) {
        return test ->
                test.hub.refusals.add(new Refusal(status, code.isEmpty() ? Map.of() : Map.of("X-Error-Code", code)));
    }

    private static Consumer<HubRefusalTest> index(String shard) {
        return test -> {
            test.published.files().remove(WEIGHTS);
            test.published.put(
                    WEIGHTS + ".index.json",
                    "{\"weight_map\": {\"w\": \"%s.safetensors\"}}"
                            .formatted(shard)
                            .getBytes(StandardCharsets.UTF_8));
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void shouldRefuse(String what, Reason reason, String text, Consumer<HubRefusalTest> fault) throws Exception {
        // Given
        fault.accept(this);

        // When / Then
        assertThatThrownBy(this::fetch)
                .hasMessageContaining(text)
                .hasMessageNotContaining(TOKEN)
                .satisfies(e -> {
                    if (reason != null) {
                        assertThat(((HubException) e).reason()).isEqualTo(reason);
                    }
                });
        assertThat(folder().resolve("refs/main")).doesNotExist();
        assertSound();
        assertThatThrownBy(() -> cache.snapshot(MODEL))
                .hasMessageContaining("text2video download " + ID)
                .hasMessageContaining(cache.directory().toString());
    }
}
