package io.text2video.standalone.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.text2video.process.SingleLine;
import io.text2video.standalone.deadletters.NotReplayableException;
import io.text2video.standalone.deadletters.Replay;
import io.text2video.standalone.deadletters.StoredDeadLetter;
import java.io.PrintWriter;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints dead letters, for people or as JSON, a line each. Control characters that they hold are escaped: a terminal would obey some. */
final class DeadLettersPage {
    private static final String ROW = "%-10s %-24s %-36s %8s  %s%n";

    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean json;

    DeadLettersPage(PrintWriter out, PrintWriter err, boolean json) {
        this.out = out;
        this.err = err;
        this.json = json;
    }

    void list(List<StoredDeadLetter> letters) {
        if (json) {
            letters.forEach(letter -> print(row(letter)));
            return;
        }
        if (letters.isEmpty()) {
            out.println("no dead letters");
        } else {
            out.printf(Locale.ROOT, ROW, "AT", "SINCE", "JOB", "ATTEMPTS", "REASON");
        }
        for (StoredDeadLetter letter : letters) {
            out.printf(
                    Locale.ROOT,
                    ROW,
                    letter.at(),
                    letter.time(),
                    letter.id() == null ? "-" : SingleLine.of(letter.id()),
                    letter.attempts() == 0 ? "-" : letter.attempts(),
                    SingleLine.of(letter.reason()));
        }
        out.flush();
    }

    void show(List<StoredDeadLetter> letters) {
        for (StoredDeadLetter letter : letters) {
            if (json) {
                Map<String, Object> all = row(letter);
                all.put("topic", letter.topic());
                all.put("headers", letter.headers());
                all.put("value", letter.value() == null ? null : letter.text());
                byte[] bytes = letter.shownBytes();
                all.put(
                        "value_base64",
                        bytes == null ? null : Base64.getEncoder().encodeToString(bytes));
                print(all);
                continue;
            }
            out.printf(
                    "%s  since %s  job %s%n", letter.at(), letter.time(), SingleLine.of(String.valueOf(letter.id())));
            letter.headers()
                    .forEach((name, text) -> out.printf("  %s: %s%n", SingleLine.of(name), SingleLine.of(text)));
            out.println();
            letter.text().lines().map(SingleLine::of).forEach(out::println);
        }
        out.flush();
    }

    void replayed(StoredDeadLetter letter, Replay replay) {
        if (json) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("at", letter.at().toString());
            result.put("from", replay.from());
            result.put("to", replay.to());
            print(result);
        } else {
            out.printf("%s  %s -> %s%n", letter.at(), SingleLine.of(replay.from()), replay.to());
        }
        out.flush();
    }

    void refused(NotReplayableException refusal) {
        err.println("text2video: " + SingleLine.of(refusal.getMessage()));
        err.flush();
    }

    private static Map<String, Object> row(StoredDeadLetter letter) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("at", letter.at().toString());
        row.put("time", letter.time().toString());
        row.put("id", letter.id());
        row.put("reason", letter.reason());
        row.put("attempts", letter.attempts());
        return row;
    }

    private void print(Map<String, Object> row) {
        try {
            out.println(JsonMapper.builder().build().writeValueAsString(row));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        out.flush();
    }
}
