package io.text2video.gateway.consumers;

import io.text2video.common.topic.Topic;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Members of the tests' group, in this process or in one of their own. They call by telling a name. */
final class Member {
    static final String GROUP = "calls";

    /** What a line begins with by which a process tells a call. */
    static final String CALL = "call ";

    private static final Duration RELEASE_TIMEOUT = Duration.ofSeconds(60);

    /** Of one that leaves when it is closed: that it is slow is no reason to give what it has to others. */
    private static final int SESSION_MS = 60_000;

    /** Of one that may be killed: what it had waits for so long. */
    private static final int SESSION_OF_A_PROCESS_MS = 10_000;

    private Member() {}

    static GroupConsumer start(Map<String, Object> kafka, Consumer<String> calls) {
        return start(kafka, handler(calls), PartitionProgress.MOST_OPEN);
    }

    static GroupConsumer start(Map<String, Object> kafka, RecordHandler handler, int mostOpen) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.putIfAbsent("session.timeout.ms", SESSION_MS);
        config.put("heartbeat.interval.ms", 300);
        var member =
                new GroupConsumer(config, new Subscription(Topic.WEBHOOKS, GROUP, handler, RELEASE_TIMEOUT), mostOpen);
        member.start();
        return member;
    }

    static RecordHandler handler(Consumer<String> calls) {
        return (record, start) -> handle(record, start, calls);
    }

    private static CompletionStage<HandlerOutcome> handle(
            ConsumerRecord<byte[], byte[]> record, RecordHandler.Start start, Consumer<String> calls) {
        Try called = Try.of(record);
        if (called.due().isAfter(Instant.now())) {
            return CompletableFuture.completedFuture(new HandlerOutcome.NotBefore(called.due()));
        }
        if (!start.begin()) {
            return new CompletableFuture<>();
        }
        calls.accept(called.name());
        return CompletableFuture.supplyAsync(
                () -> called.isLast()
                        ? HandlerOutcome.FINISHED
                        : new HandlerOutcome.FollowedBy(called.next().record()),
                CompletableFuture.delayedExecutor(called.takes().toMillis(), TimeUnit.MILLISECONDS));
    }

    /** One in a process of its own, whose output are its calls. */
    static Process process(Map<String, Object> kafka) throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Member.class.getName(),
                        kafka.get("bootstrap.servers").toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    public static void main(String... arguments) {
        Map<String, Object> kafka =
                Map.of("bootstrap.servers", arguments[0], "session.timeout.ms", SESSION_OF_A_PROCESS_MS);
        start(kafka, call -> System.out.println(CALL + call));
    }
}
