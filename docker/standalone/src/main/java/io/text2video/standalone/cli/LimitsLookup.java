package io.text2video.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.model.GenerationSize;
import io.text2video.common.model.InvalidGenerationException;
import io.text2video.common.model.ModelCost;
import io.text2video.common.model.ModelDefaults;
import io.text2video.common.model.ModelLimits;
import io.text2video.process.SingleLine;
import io.text2video.worker.app.ConfiguredModels;
import io.text2video.worker.app.ServedModelsFlags;
import io.text2video.worker.hub.ModelLocation;
import io.text2video.worker.pipeline.ModelDescription;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;

/**
 * What a job of a model may be, and how long it takes: as the workers of a running fleet have announced, or as far as it is known
 * before one has loaded the model, as one that were started here would.
 */
final class LimitsLookup {
    private static final int MINUTE = 60;

    @Mixin
    SharedOptions.Gateway gateway = new SharedOptions.Gateway();

    /**
     * @param origin who says so, for people
     * @param cost null where nobody has measured it
     */
    record Known(
            String origin,
            @Valid @NotNull ModelDefaults defaults,
            @Valid @NotNull ModelLimits limits,
            @Valid ModelCost cost) {
        /** Seconds of a video; null where nobody has measured it. */
        Double seconds(GenerationSize size) {
            return cost == null ? null : cost.seconds(size, limits);
        }

        /** Why a job for it is refused; null where it is not. */
        String refusal(GenerationSize size) {
            try {
                limits.check(size.height(), size.width(), size.numFrames(), size.numInferenceSteps());
                if (cost != null) {
                    cost.check(size, defaults, limits);
                }
                return null;
            } catch (InvalidGenerationException e) {
                return e.getMessage();
            }
        }

        /** Lines for people: what each is of, and what it says. */
        List<Map.Entry<String, String>> lines(GenerationSize size) {
            List<Map.Entry<String, String>> lines = new ArrayList<>();
            lines.add(Map.entry("limits", "of " + origin));
            lines.add(Map.entry("", text("%,d pixels a frame, %,d frames", limits.maxPixels(), limits.maxFrames())));
            if (limits.maxVideoPixels() != null) {
                lines.add(Map.entry(
                        "", text("%,d pixels of all frames, for which there is memory", limits.maxVideoPixels())));
            }
            lines.add(Map.entry(
                    "", limits.maxJobSeconds() == null ? "any time" : text("%s a job", words(limits.maxJobSeconds()))));
            Double seconds = seconds(size);
            lines.add(Map.entry(
                    "takes",
                    seconds == null
                            ? "not measured yet; --gateway asks a fleet that has"
                            : text(
                                    "%s for %d steps of %d frames of %dx%d, by estimate",
                                    words(seconds),
                                    size.numInferenceSteps(),
                                    size.numFrames(),
                                    size.width(),
                                    size.height())));
            String refusal = refusal(size);
            if (refusal != null) {
                lines.add(Map.entry("refused", refusal));
            }
            return lines;
        }

        ObjectNode json(GenerationSize size) {
            ObjectNode json = SharedOptions.Json.tree(this);
            json.put("estimated_seconds", seconds(size));
            json.put("refusal", refusal(size));
            return json;
        }
    }

    /**
     * What is known of a model.
     *
     * @param settings of a worker that were started here
     * @throws IOException when no fleet answers, or it has no such model; or when a worker here could not serve it
     */
    Known of(ModelLocation model, Map<String, String> settings) throws IOException, InterruptedException {
        return gateway.url == null ? here(model, settings) : announced(model.id());
    }

    /** The same, but empty where a worker here could not serve it: what a model is can be told all the same. */
    Optional<Known> ofAny(ModelLocation model) throws IOException, InterruptedException {
        try {
            return Optional.of(of(model, Map.of()));
        } catch (IOException e) {
            if (gateway.url != null) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private static Known here(ModelLocation model, Map<String, String> settings) throws IOException {
        Map<String, String> all = new HashMap<>(settings);
        all.putAll(ServedModelsFlags.settings(List.of(model.directory().toString())));
        ModelDescription description = ConfiguredModels.check(all).get(0).description();
        return new Known("a worker that is started here", description.defaults(), description.limits(), null);
    }

    private Known announced(String id) throws IOException, InterruptedException {
        List<String> ids = new ArrayList<>();
        for (JsonNode model : gateway.client().models().path("data")) {
            ids.add(SingleLine.of(model.path("id").asText()));
            if (model.path("id").asText().equals(id)) {
                try {
                    Known known = JsonCodec.read(JsonCodec.write(model), Known.class);
                    return new Known("the fleet at " + gateway.url, known.defaults(), known.limits(), known.cost());
                } catch (InvalidMessageException e) {
                    throw new IOException(
                            "the fleet at %s says of %s: %s".formatted(gateway.url, id, e.getMessage()), e);
                }
            }
        }
        throw new IOException("the fleet at %s has no model %s; it has %s".formatted(gateway.url, id, ids));
    }

    private static String words(double seconds) {
        return seconds < 2 * MINUTE
                ? text("%.1f s", seconds)
                : seconds < 2 * MINUTE * MINUTE
                        ? text("%.0f min", seconds / MINUTE)
                        : text("%.1f h", seconds / MINUTE / MINUTE);
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
