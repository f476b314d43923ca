package io.text2video.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.text2video.process.SingleLine;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Jobs for people. What comes from elsewhere, as prompts do, moves no cursor. */
final class VideoPage {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());
    private static final String ROW = "%-36s  %-11s  %-19s  %-20s  %s%n";
    private static final int SHOWN = 60;

    private final PrintWriter out;

    VideoPage(PrintWriter out) {
        this.out = out;
    }

    /** A table of jobs. */
    void list(Iterable<JsonNode> videos) {
        out.printf(ROW, "ID", "STATUS", "CREATED", "MODEL", "PROMPT");
        for (JsonNode video : videos) {
            out.printf(
                    ROW,
                    text(video, "id"),
                    status(video),
                    time(video, "created_at"),
                    text(video, "model"),
                    shortened(text(video, "prompt")));
        }
    }

    /** All that is worth reading of one. */
    void one(JsonNode video) {
        row("id", text(video, "id"));
        row("status", status(video));
        row("prompt", text(video, "prompt"));
        row("model", text(video, "model"));
        row("size", text(video, "size"));
        row("frames", text(video, "num_frames"));
        row("seed", text(video, "seed"));
        row("created", time(video, "created_at"));
        if (video.hasNonNull("queue_position")) {
            row("queue", video.path("queue_position").asInt() + " before it");
            row("begins", time(video, "estimated_start_at"));
        }
        if (video.hasNonNull("estimated_seconds")) {
            row(
                    "takes",
                    String.format(
                            Locale.ROOT,
                            "%.1f s, by estimate",
                            video.path("estimated_seconds").asDouble()));
        }
        row("ended", time(video, "completed_at"));
        if (video.hasNonNull("error")) {
            row("error", SingleLine.of(video.at("/error/message").asText()));
        }
    }

    private void row(String name, String value) {
        out.printf("%-8s %s%n", name, value);
    }

    private static String status(JsonNode video) {
        String status = text(video, "status");
        return status.equals("in_progress") ? video.path("progress").asInt() + " %" : status;
    }

    private static String time(JsonNode video, String field) {
        return video.hasNonNull(field)
                ? TIME.format(Instant.ofEpochSecond(video.path(field).asLong()))
                : "-";
    }

    private static String text(JsonNode video, String field) {
        return video.hasNonNull(field) ? SingleLine.of(video.path(field).asText()) : "-";
    }

    static String shortened(String text) {
        return text.codePointCount(0, text.length()) <= SHOWN
                ? text
                : text.substring(0, text.offsetByCodePoints(0, SHOWN)) + "…";
    }
}
