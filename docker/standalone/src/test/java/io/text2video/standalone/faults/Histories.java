package io.text2video.standalone.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.text2video.common.job.AttemptId;
import io.text2video.common.topic.DeadLetter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes histories by hand: of one job that went well, unless something is done to it. */
final class Histories {
    static final String JOB = "01a20784-107f-7fa2-8a1f-c3ae50e62a1d";
    static final byte[] RIGHT = "the right video".getBytes(UTF_8);
    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

    private final List<SubmittedJob> submissions = new ArrayList<>();
    private final List<ClientAct> acts = new ArrayList<>();
    private final List<Message> messages = new ArrayList<>();
    private final Map<String, byte[]> objects = new TreeMap<>();
    private final List<WebhookReceiver.Call> calls = new ArrayList<>();
    private final List<InjectedFault> faults = new ArrayList<>();
    private final Map<String, Long> offsets = new HashMap<>();

    /** A job that was accepted, ran once, and told everybody. */
    static Histories good() {
        return new Histories()
                .accepted()
                .requested(JOB)
                .started("1-1", "default-worker-1-1", 1)
                .completed("1-1", "default-worker-1-1", 5)
                .stored("1-1.mp4", RIGHT)
                .stored("1-1.png", RIGHT)
                .result("1-1", "default-worker-1-1", 5)
                .called(JOB + ".video.completed", true, "completed")
                .message(
                        "video.webhook-log",
                        JOB + ".video.completed",
                        "{'id':'%s','status':'delivered'}".formatted(JOB));
    }

    /** A job that a client cancelled while it ran. */
    static Histories cancelled() {
        return begun().ended("cancelled")
                .act(ClientAct.Kind.CANCEL, 3, Answer.Outcome.ACCEPTED, "cancelled")
                .called(JOB + ".video.cancelled", true, "cancelled");
    }

    /** A job that went well and was then deleted, for good. */
    static Histories deleted() {
        return good().without("1-1.mp4")
                .without("1-1.png")
                .removed()
                .act(ClientAct.Kind.DELETE, 6, Answer.Outcome.ACCEPTED, "")
                .act(ClientAct.Kind.DELETE, 7, Answer.Outcome.NOT_FOUND, "404")
                .act(ClientAct.Kind.LOOK, 8, Answer.Outcome.NOT_FOUND, "404");
    }

    /** A malformed request of no other job, which fails. */
    static Histories stray() {
        return new Histories()
                .malformed()
                .act(ClientAct.Kind.STRAY, 1, Answer.Outcome.ACCEPTED, "video.requests-0@1")
                .deadLetter(1)
                .ended("failed");
    }

    /** A job with whose id a malformed record was sent. */
    static Histories spoiled() {
        return good().malformed()
                .act(ClientAct.Kind.SPOIL, 2, Answer.Outcome.ACCEPTED, "video.requests-0@2")
                .deadLetter(2);
    }

    /** The accepted job's first words, and no more. */
    static Histories begun() {
        return new Histories().accepted().requested(JOB).started("1-1", "default-worker-1-1", 1);
    }

    History build() {
        return new History(submissions, acts, messages, List.of(), objects, calls, faults, Map.of("red", RIGHT));
    }

    Histories accepted() {
        submissions.add(new SubmittedJob(1, START, "gateway-1", "red", Answer.Outcome.ACCEPTED, JOB, "202"));
        return this;
    }

    Histories requested(String job) {
        return message(
                "video.requests",
                job,
                "{'id':'%s','prompt':'a ball','webhook':{'url':'http://127.0.0.1:1/hooks/1'}}".formatted(job));
    }

    Histories started(String attempt, String worker, int second) {
        return state(attempt, worker, second).message("video.events", JOB, event("started", attempt, worker));
    }

    Histories state(String attempt, String worker, int second) {
        return message(
                "video.jobs",
                JOB,
                "{'id':'%s','status':'in_progress',%s,'worker':'%s','started_at':'%s'}"
                        .formatted(JOB, numbers(attempt), worker, START.plusSeconds(second)));
    }

    Histories completed(String attempt, String worker, int second) {
        return message("video.jobs", JOB, end(attempt, worker, second))
                .message("video.events", JOB, event("completed", attempt, worker));
    }

    Histories progress(String attempt, int step) {
        return message(
                "video.events",
                JOB,
                "{'id':'%s','type':'video.progress',%s,'step':%d}".formatted(JOB, numbers(attempt), step));
    }

    Histories result(String attempt, String worker, int second) {
        return stored(
                "result.json", end(attempt, worker, second).replace('\'', '"').getBytes(UTF_8));
    }

    /** In another way than with a video. */
    Histories ended(String status) {
        String end = "{'id':'%s','status':'%s','generation':1,'attempt':1,'completed_at':'%s'}"
                .formatted(JOB, status, START);
        return message("video.jobs", JOB, end)
                .message("video.events", JOB, event(status, "1-1", "default-worker-1-1"))
                .stored("result.json", end.replace('\'', '"').getBytes(UTF_8));
    }

    Histories removed() {
        String mark = "{'id':'%s','status':'deleted','generation':1,'attempt':1}".formatted(JOB);
        return message("video.jobs", JOB, mark)
                .stored("result.json", mark.replace('\'', '"').getBytes(UTF_8));
    }

    Histories malformed() {
        return message("video.requests", JOB, "{'id':'%s'}".formatted(JOB));
    }

    /** Of the malformed record at that offset. */
    Histories deadLetter(long offset) {
        return message(
                "video.dead-letters",
                JOB,
                "{'id':'%s'}".formatted(JOB),
                Map.of(
                        DeadLetter.TOPIC,
                        "video.requests",
                        DeadLetter.PARTITION,
                        "0",
                        DeadLetter.OFFSET,
                        Long.toString(offset)));
    }

    Histories act(ClientAct.Kind kind, int second, Answer.Outcome outcome, String text) {
        Instant time = START.plusSeconds(second);
        acts.add(new ClientAct(kind, JOB, "gateway-2", time, time.plusMillis(100), outcome, text));
        return this;
    }

    Histories stored(String name, byte[] bytes) {
        return object("videos/" + JOB + "/" + name, bytes);
    }

    Histories object(String key, byte[] bytes) {
        objects.put(key, bytes);
        return this;
    }

    Histories without(String name) {
        objects.remove("videos/" + JOB + "/" + name);
        return this;
    }

    Histories uncalled() {
        calls.clear();
        return this;
    }

    Histories called(String id, boolean signed, String status) {
        calls.add(new WebhookReceiver.Call(START, 1, id, signed, "video." + status, JOB, status, 204));
        return this;
    }

    Histories fault(FaultKind kind, String target, int second, int end) {
        faults.add(new InjectedFault(kind, target, START.plusSeconds(second), START.plusSeconds(end)));
        return this;
    }

    Histories message(String topic, String job, String json) {
        return message(topic, job, json, Map.of());
    }

    private Histories message(String topic, String job, String json, Map<String, String> headers) {
        long offset = offsets.merge(topic, 1L, Long::sum);
        messages.add(new Message(
                topic,
                0,
                offset,
                START,
                job,
                headers,
                Message.json(json.replace('\'', '"').getBytes(UTF_8))));
        return this;
    }

    private static String end(String attempt, String worker, int second) {
        String folder = "videos/" + JOB + "/" + attempt;
        return ("{'id':'%s','status':'completed',%s,'worker':'%s','completed_at':'%s',"
                        + "'video':{'key':'%s.mp4','poster_key':'%s.png'}}")
                .formatted(JOB, numbers(attempt), worker, START.plusSeconds(second), folder, folder);
    }

    private static String event(String type, String attempt, String worker) {
        return "{'id':'%s','type':'video.%s',%s,'worker':'%s'}".formatted(JOB, type, numbers(attempt), worker);
    }

    private static String numbers(String attempt) {
        AttemptId id = AttemptId.parse(attempt).orElseThrow();
        return "'generation':%d,'attempt':%d".formatted(id.generation(), id.attempt());
    }
}
