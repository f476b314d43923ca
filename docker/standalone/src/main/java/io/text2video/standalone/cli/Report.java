package io.text2video.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.StringJoiner;

/** What is printed at the end: where the video is and how long each stage took. */
final class Report {
    private final PrintWriter out;
    private final boolean json;

    Report(PrintWriter out, boolean json) {
        this.out = out;
        this.json = json;
    }

    /** @param video the Video object, or as much of it as there is */
    void finished(JsonNode video, Path file) throws IOException {
        if (json) {
            ObjectNode result = video.deepCopy();
            result.put("file", file.toAbsolutePath().toString());
            SharedOptions.Json.print(result, out);
        } else {
            out.printf(
                    Locale.ROOT,
                    "%s: %s, %d frames at %d fps, %.1f KB, seed %d%n",
                    file,
                    video.path("size").asText(),
                    video.path("num_frames").asInt(),
                    video.path("fps").asInt(),
                    Files.size(file) / 1024.0,
                    video.path("seed").asLong());
            out.println(stages(video.path("timings")));
            if (video.hasNonNull("reused_steps")) {
                int steps = video.path("num_inference_steps").asInt();
                int reused = video.path("reused_steps").asInt();
                out.printf("  %d of %d steps computed, %d reused%n", steps - reused, steps, reused);
            }
            int cut = video.path("truncated_tokens").asInt();
            if (cut > 0) {
                out.printf(
                        "  the model did not read the prompt's last %d tokens: \"%s\"%n",
                        cut, video.path("truncated_text").asText());
            }
        }
        out.flush();
    }

    private static String stages(JsonNode timings) {
        var stages = new StringJoiner(" · ", "  ", "");
        timings.fields()
                .forEachRemaining(stage -> stages.add(String.format(
                        Locale.ROOT,
                        "%s %.2f s",
                        stage.getKey().replace('_', ' '),
                        stage.getValue().asDouble())));
        return stages.toString();
    }
}
