package io.text2video.standalone.faults;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/**
 * Keeps the fleet's queue filled, through every gateway and by a producer of its own at once, and remembers what was
 * answered.
 */
final class Workload implements AutoCloseable {
    private static final Duration BETWEEN = Duration.ofMillis(200);
    private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(1);

    private final List<SubmittedJob> submissions = new CopyOnWriteArrayList<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private final IntFunction<String> webhooks;
    private final EndWatch ends;
    private final int backlog;
    private final ProducerWay producer;
    private volatile boolean stopped;

    /** Asks for one video. */
    @FunctionalInterface
    interface Way {
        Answer submit(WantedVideo wanted, String webhook) throws InterruptedException;
    }

    /** @param job the id of what was accepted, else null */
    record Answer(SubmittedJob.Outcome outcome, String job, String text) {}

    /**
     * Nothing is asked for yet.
     *
     * @param webhooks the URL of each submission's webhook, by its number; null for none
     * @param backlog how many jobs of each way are to be under way at once
     */
    Workload(String bootstrapServers, IntFunction<String> webhooks, EndWatch ends, int backlog) {
        this.webhooks = webhooks;
        this.ends = ends;
        this.backlog = backlog;
        producer = new ProducerWay(bootstrapServers);
    }

    /** Puts one request on the topic. */
    SubmittedJob produce(WantedVideo wanted) throws InterruptedException {
        return submit(wanted, "producer", producer);
    }

    /** Asks once. */
    SubmittedJob submit(WantedVideo wanted, String name, Way way) throws InterruptedException {
        int number = numbers.incrementAndGet();
        Answer answer = way.submit(wanted, webhooks.apply(number));
        var submission = new SubmittedJob(
                number, Instant.now(), name, wanted.name(), answer.outcome(), answer.job(), answer.text());
        submissions.add(submission);
        return submission;
    }

    /** From now on, by these gateways and by the producer. */
    void start(List<URI> gateways) {
        for (int i = 0; i < gateways.size(); i++) {
            follow("gateway-" + (i + 1), new HttpWay(gateways.get(i)));
        }
        follow("producer", producer);
    }

    /** No more; what was accepted remains. */
    void stop() throws InterruptedException {
        stopped = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    List<SubmittedJob> submissions() {
        return List.copyOf(submissions);
    }

    private void follow(String name, Way way) {
        var thread = new Thread(() -> follow(name, way, threads.size()), "submit-" + name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void follow(String name, Way way, int offset) {
        try {
            for (int turn = offset; !stopped; ) {
                if (underWay(name) >= backlog) {
                    LockSupport.parkNanos(BETWEEN.toNanos());
                } else {
                    WantedVideo wanted = WantedVideo.ALL.get(turn++ % WantedVideo.ALL.size());
                    if (!submit(wanted, name, way).isAccepted()) {
                        LockSupport.parkNanos(AFTER_A_FAILURE.toNanos());
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long underWay(String way) {
        return submissions.stream()
                .filter(submission -> submission.way().equals(way)
                        && submission.isAccepted()
                        && !ends.ended().contains(submission.job()))
                .count();
    }

    @Override
    public void close() {
        producer.close();
    }
}
