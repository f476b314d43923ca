package io.text2video.standalone.cli;

import io.smallrye.config.Converters;
import io.text2video.standalone.fleet.FleetConfiguration;
import java.util.Map;
import picocli.CommandLine.Option;

/** Whether a file tells how it was drawn. */
final class RecipeOptions {
    @Option(
            names = "--embed-recipe",
            negatable = true,
            description = "Keep in the file how it was drawn, the prompt too, for recipe and replay"
                    + " (WORKER_EMBED_RECIPE; it is kept).")
    Boolean wanted;

    /** Says so under the name that {@code POST /v1/videos} knows. */
    void addTo(Map<String, Object> request) {
        if (wanted != null) {
            request.put("embed_recipe", wanted);
        }
    }

    /** For what is drawn without a fleet. */
    boolean isWanted() {
        return wanted != null
                ? wanted
                : new FleetConfiguration()
                        .given("worker.embed-recipe")
                        .map(Converters.getImplicitConverter(Boolean.class)::convert)
                        .orElse(true);
    }
}
