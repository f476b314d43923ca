package io.text2video.standalone.faults;

import com.fasterxml.jackson.databind.JsonNode;
import io.text2video.common.job.AttemptId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All that is known of one job.
 *
 * @param submission that made it, or null
 * @param messages with its key, of all topics
 * @param operations on its objects, in their order
 * @param objects that are there in the end, by key
 * @param faults of the whole run
 */
record JobHistory(
        String id,
        SubmittedJob submission,
        List<Message> messages,
        List<StoreOperation> operations,
        Map<String, byte[]> objects,
        List<ReceivedWebhook> calls,
        List<InjectedFault> faults) {
    private static final Duration WAKE = Duration.ofSeconds(10);

    /** Something at a time, in words. */
    private record Line(Instant time, String text) {}

    /** Of a state or an event. */
    static AttemptId attempt(JsonNode message) {
        return new AttemptId(
                message.path("generation").asInt(1), message.path("attempt").asInt());
    }

    /** Which incarnation began the attempt that a state tells of. */
    static String worker(JsonNode start) {
        return start.path("worker").asText();
    }

    /** Of a state that tells of an attempt's start. */
    static Instant startTime(JsonNode start) {
        return Instant.parse(start.path("started_at").asText());
    }

    boolean isAccepted() {
        return submission != null && submission.isAccepted();
    }

    List<Message> requests() {
        return on("video.requests").toList();
    }

    /** States of the job, in their order on the topic. */
    List<JsonNode> states() {
        return on("video.jobs").map(Message::json).toList();
    }

    List<JsonNode> ends() {
        return states().stream().filter(EndWatch::isEnd).toList();
    }

    /** The states that tell of an attempt's start. */
    List<JsonNode> starts() {
        return states().stream()
                .filter(state -> state.path("status").asText().equals("in_progress"))
                .toList();
    }

    /** The same in the order of the times that they tell. */
    List<JsonNode> startsByTime() {
        return starts().stream()
                .sorted(Comparator.comparing(JobHistory::startTime))
                .toList();
    }

    List<JsonNode> events(String type) {
        return on("video.events")
                .map(Message::json)
                .filter(event -> event.path("type").asText().equals(type))
                .toList();
    }

    /** {@code result.json}. */
    Optional<JsonNode> result() {
        return Optional.ofNullable(objects.get("videos/" + id + "/result.json")).map(Message::json);
    }

    /** When it had ended, as the first end says. */
    Optional<Instant> endTime() {
        return ends().stream()
                .map(end -> Instant.parse(end.path("completed_at").asText()))
                .min(Comparator.naturalOrder());
    }

    /** Everything in the order of time, and the faults about it. */
    String told() {
        List<Line> lines = new ArrayList<>();
        if (submission != null) {
            lines.add(new Line(submission.time(), "asked      " + submission));
        }
        messages.forEach(message -> lines.add(new Line(message.time(), told(message))));
        operations.forEach(operation -> lines.add(new Line(
                operation.time(),
                "store      %s %s%s"
                        .formatted(operation.kind(), operation.key(), operation.done() ? "" : " (refused)"))));
        calls.forEach(call -> lines.add(new Line(call.time(), "webhook    " + call)));
        if (!lines.isEmpty()) {
            Instant first = lines.stream()
                    .map(Line::time)
                    .min(Comparator.naturalOrder())
                    .orElseThrow();
            Instant last = lines.stream()
                    .map(Line::time)
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
            faults.stream().filter(fault -> fault.touches(first, last, WAKE)).forEach(fault -> {
                lines.add(new Line(fault.begin(), "FAULT      %s %s".formatted(fault.kind(), fault.target())));
                if (!fault.end().equals(fault.begin())) {
                    lines.add(new Line(fault.end(), "fault over %s %s".formatted(fault.kind(), fault.target())));
                }
            });
        }
        lines.sort(Comparator.comparing(Line::time));
        var text = new StringBuilder("job " + id + "\n");
        lines.forEach(line -> text.append("  %s %s%n".formatted(line.time(), line.text())));
        text.append("  objects in the end: ").append(objects.keySet()).append('\n');
        return text.toString();
    }

    private static String told(Message message) {
        JsonNode json = message.json();
        String what = Stream.of("type", "status", "step", "generation", "attempt", "worker")
                .filter(json::has)
                .map(field -> field + "=" + json.path(field).asText())
                .reduce("", (a, b) -> a + " " + b);
        return "record     %s%s %s".formatted(message.place(), what, message.headers());
    }

    private Stream<Message> on(String topic) {
        return messages.stream()
                .filter(message -> message.topic().equals(topic))
                .sorted(Comparator.comparingLong(Message::offset));
    }
}
