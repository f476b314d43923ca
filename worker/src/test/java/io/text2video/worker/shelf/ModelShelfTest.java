package io.text2video.worker.shelf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.common.model.ModelCard;
import io.text2video.worker.jobs.BlobPipeline;
import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.pipeline.ModelDescription;
import io.text2video.worker.pipeline.VideoPipeline;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelShelfTest {
    private final Loader loader = new Loader();

    @Test
    void shouldLoadAModelOnceAndWhenItIsAskedFor() throws IOException {
        try (var shelf = new ModelShelf(models("a", "b"), 2, loader)) {
            shelf.pipeline(shelf.preferred(), Interruption.NONE);
            VideoPipeline first = shelf.pipeline(shelf.find("b").orElseThrow(), Interruption.NONE);
            VideoPipeline again = shelf.pipeline(shelf.find("b").orElseThrow(), Interruption.NONE);

            assertThat(again).isSameAs(first);
            assertThat(loader.log).containsExactly("load a", "load b");
        }
        assertThat(loader.log).containsExactly("load a", "load b", "close a", "close b");
    }

    @Test
    void shouldCloseOneBeforeItLoadsAnotherWhenOneMayBeLoaded() throws IOException {
        try (var shelf = new ModelShelf(models("a", "b"), 1, loader)) {
            shelf.pipeline(shelf.find("a").orElseThrow(), Interruption.NONE);
            shelf.pipeline(shelf.find("b").orElseThrow(), Interruption.NONE);
            shelf.pipeline(shelf.find("a").orElseThrow(), Interruption.NONE);
        }

        assertThat(loader.log).containsExactly("load a", "close a", "load b", "close b", "load a", "close a");
    }

    @Test
    void shouldPutAwayTheLeastRecentlyUsed() throws IOException {
        try (var shelf = new ModelShelf(models("a", "b", "c"), 2, loader)) {
            shelf.pipeline(shelf.find("a").orElseThrow(), Interruption.NONE);
            shelf.pipeline(shelf.find("b").orElseThrow(), Interruption.NONE);
            shelf.pipeline(shelf.find("a").orElseThrow(), Interruption.NONE);

            shelf.pipeline(shelf.find("c").orElseThrow(), Interruption.NONE);

            assertThat(loader.log).containsExactly("load a", "load b", "close b", "load c");
        }
    }

    @Test
    void shouldTryAgainWhatDidNotLoad() throws IOException {
        try (var shelf = new ModelShelf(models("a", "b"), 2, loader)) {
            loader.broken = true;
            assertThatThrownBy(() -> shelf.pipeline(shelf.preferred(), Interruption.NONE))
                    .isInstanceOf(IOException.class);
            loader.broken = false;

            shelf.pipeline(shelf.preferred(), Interruption.NONE);

            assertThat(loader.log).containsExactly("load a");
        }
    }

    @Test
    void shouldPreferTheFirst() {
        try (var shelf = new ModelShelf(models("b", "a"), 2, loader)) {
            assertThat(shelf.find(null)).contains(shelf.preferred());
            assertThat(shelf.preferred().id()).isEqualTo("b");
            assertThat(shelf.find("c")).isEmpty();
            assertThat(shelf.ids()).containsExactly("b", "a");
        }
    }

    @Test
    void shouldWriteACardForEachModel() {
        Instant now = Instant.parse("2026-01-02T03:04:05Z");
        var model = new ServedModel(
                "a", Path.of("a"), BlobPipeline.FROM_IMAGE, Map.of("sketch", Path.of("x"), "ink", Path.of("y")));
        try (var shelf = new ModelShelf(List.of(model, models("b").get(0)), 2, loader)) {
            List<ModelCard> cards = shelf.cards("video.requests.large", now);

            assertThat(cards)
                    .first()
                    .isEqualTo(new ModelCard(
                            1,
                            "a",
                            "CogVideoXImageToVideoPipeline",
                            "video.requests.large",
                            true,
                            BlobPipeline.FROM_IMAGE.defaults(),
                            BlobPipeline.FROM_IMAGE.limits(),
                            null,
                            List.of("ink", "sketch"),
                            Map.of(),
                            false,
                            now));
            assertThat(cards).extracting(ModelCard::preferred).containsExactly(true, false);
        }
    }

    @Test
    void shouldRefuseTwoModelsOfOneName() {
        var models = List.of(
                new ServedModel("a", Path.of("x/a"), BlobPipeline.FROM_PROMPT, Map.of()),
                new ServedModel("a", Path.of("y/a"), BlobPipeline.FROM_PROMPT, Map.of()));

        assertThatThrownBy(() -> new ModelShelf(models, 2, loader))
                .hasMessageContaining(Path.of("x/a").toString())
                .hasMessageContaining(Path.of("y/a").toString());
    }

    @Test
    void shouldRefuseToLoadNone() {
        assertThatThrownBy(() -> new ModelShelf(models("a"), 0, loader)).hasMessageContaining("at least 1");
    }

    private static List<ServedModel> models(String... ids) {
        return List.of(ids).stream()
                .map(id -> new ServedModel(id, Path.of(id), BlobPipeline.FROM_PROMPT, Map.of()))
                .toList();
    }

    /** Tells what is loaded and closed. */
    private static final class Loader implements PipelineLoader {
        final List<String> log = new ArrayList<>();
        boolean broken;

        @Override
        public ModelDescription check(Path directory) {
            return BlobPipeline.FROM_PROMPT;
        }

        @Override
        public VideoPipeline load(Path directory, Map<String, Path> loras, Interruption interruption)
                throws IOException {
            if (broken) {
                throw new IOException("the disk does not answer");
            }
            log.add("load " + directory);
            return new BlobPipeline(BlobPipeline.FROM_PROMPT, loras.keySet(), () -> log.add("close " + directory));
        }
    }
}
