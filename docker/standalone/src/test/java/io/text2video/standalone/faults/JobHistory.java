package io.text2video.standalone.faults;

import com.fasterxml.jackson.databind.JsonNode;
import io.text2video.common.job.AttemptId;
import io.text2video.common.lifecycle.Lineage;
import io.text2video.common.topic.Pool;
import io.text2video.common.topic.Topic;
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
 * @param acts of clients about it
 * @param messages with its key, of all topics
 * @param operations on its objects, in their order
 * @param objects that are there in the end, by key
 * @param faults of the whole run
 */
record JobHistory(
        String id,
        SubmittedJob submission,
        List<ClientAct> acts,
        List<Message> messages,
        List<RecordingBlobs.Operation> operations,
        Map<String, byte[]> objects,
        List<WebhookReceiver.Call> calls,
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

    /** Whether that is a request, on the topic of any pool or in the backlog; what is malformed is none. */
    static boolean isRequest(Message message) {
        return (Pool.ofTopic(message.topic()).isPresent() || message.topic().equals(Topic.BACKLOG.topicName()))
                && message.json().has("prompt");
    }

    /** Whether it was put on another pool's topic. */
    boolean wasForwarded() {
        return requests().stream()
                .anyMatch(request -> request.headers().containsKey(Lineage.FORWARDED_FROM)
                        && !request.headers().get(Lineage.FORWARDED_FROM).equals(Topic.BACKLOG.topicName()));
    }

    /** Whether it waited in the backlog, and came to a pool from there. */
    boolean leftTheBacklog() {
        return on(Topic.BACKLOG.topicName()).findAny().isPresent()
                && requests().stream()
                        .anyMatch(request -> Pool.ofTopic(request.topic()).isPresent());
    }

    List<Message> requests() {
        return messages.stream()
                .filter(JobHistory::isRequest)
                .sorted(Comparator.comparing(Message::time))
                .toList();
    }

    /** Whether there is no more of it than a malformed request. */
    boolean isStray() {
        return requests().isEmpty() && acts.stream().anyMatch(act -> act.kind() == ClientAct.Kind.STRAY);
    }

    /** Whether anybody has said that it is not wanted. */
    boolean isUnwanted() {
        return acts.stream()
                .anyMatch(act -> act.kind() == ClientAct.Kind.CANCEL
                        || act.kind() == ClientAct.Kind.CANCEL_RECORD
                        || act.kind() == ClientAct.Kind.DELETE);
    }

    /** Whether a client has asked for its removal, whatever came of it. */
    boolean isToBeDeleted() {
        return acts.stream().anyMatch(act -> act.kind() == ClientAct.Kind.DELETE);
    }

    /** When a client knew that it was deleted: a DELETE was answered that there is no such job. */
    Optional<Instant> deletion() {
        return acts.stream()
                .filter(act -> act.is(ClientAct.Kind.DELETE, Answer.Outcome.NOT_FOUND))
                .map(ClientAct::answered)
                .min(Comparator.naturalOrder());
    }

    /** States of the job, in their order on the topic. */
    List<JsonNode> states() {
        return on("video.jobs").map(Message::json).toList();
    }

    /** Whether that is what remains of a deleted job: its state, its {@code result.json}. */
    static boolean isDeleted(JsonNode state) {
        return state.path("status").asText().equals("deleted");
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

    /** Everything in the order of time, and the faults about it. */
    String told() {
        List<Line> lines = new ArrayList<>();
        if (submission != null) {
            lines.add(new Line(submission.time(), "asked      " + submission));
        }
        acts.forEach(act -> lines.add(new Line(
                act.answered(),
                "client     %s by %s, sent %s: %s %s"
                        .formatted(act.kind(), act.way(), act.sent(), act.outcome(), act.text()))));
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

    Stream<Message> on(String topic) {
        return messages.stream()
                .filter(message -> message.topic().equals(topic))
                .sorted(Comparator.comparingLong(Message::offset));
    }
}
