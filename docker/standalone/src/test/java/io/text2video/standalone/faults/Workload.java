package io.text2video.standalone.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Keeps the fleet's queues filled, through every gateway and by a producer of its own at once, and remembers what was
 * answered. Of the jobs that were accepted some are cancelled, deleted, sent again or spoiled, in turn.
 */
final class Workload implements AutoCloseable {
    private static final Duration BETWEEN = Duration.ofMillis(200);
    private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(1);

    private final List<SubmittedJob> submissions = new CopyOnWriteArrayList<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private final Webhooks webhooks;
    private final EndWatch ends;
    private final int backlog;
    private final List<HarnessClient> gateways;
    private final OtherProgram program;
    private final Clients clients;
    private volatile boolean stopped;

    /** Asks for one video. */
    interface Way {
        /** In the history. */
        String name();

        Answer submit(WantedVideo wanted, String webhook) throws InterruptedException;
    }

    /** Where submissions have their webhooks. */
    interface Webhooks {
        /** Null for none. */
        String url(int number, Sequel sequel);
    }

    /**
     * Nothing is asked for yet.
     *
     * @param backlog how many jobs of each way are to be under way at once
     * @param misplaces whether the producer takes the wrong pool's topic now and then
     */
    Workload(Fleet fleet, Webhooks webhooks, EndWatch ends, int backlog, boolean misplaces) {
        this.webhooks = webhooks;
        this.ends = ends;
        this.backlog = backlog;
        program = new OtherProgram(fleet.bootstrapServers(), misplaces);
        gateways = new ArrayList<>();
        fleet.gatewayAddresses()
                .forEach(address -> gateways.add(new HarnessClient("gateway-" + (gateways.size() + 1), address)));
        clients = new Clients(gateways, program, ends);
    }

    List<HarnessClient> gateways() {
        return List.copyOf(gateways);
    }

    Clients clients() {
        return clients;
    }

    /** Puts one request on the topic. */
    SubmittedJob produce(WantedVideo wanted) throws InterruptedException {
        return submit(wanted, program, Sequel.NONE);
    }

    /** Asks once, and has the sequel follow if it is accepted. */
    SubmittedJob submit(WantedVideo wanted, Way way, Sequel sequel) throws InterruptedException {
        int number = numbers.incrementAndGet();
        String webhook = webhooks.url(number, sequel);
        Answer answer = way.submit(wanted, webhook);
        var submission = new SubmittedJob(
                number, Instant.now(), way.name(), wanted.name(), answer.outcome(), answer.job(), answer.text());
        submissions.add(submission);
        if (submission.isAccepted()) {
            clients.follow(submission, wanted, webhook, sequel);
        }
        return submission;
    }

    /** From now on, by all gateways and by the producer. */
    void start() {
        Stream.concat(gateways.stream(), Stream.of(program)).forEach(way -> {
            int offset = threads.size();
            var thread = new Thread(() -> keepBusy(way, offset), "submit-" + way.name());
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        });
    }

    /** No more, once each way has had its turn with every sequel; what was accepted remains, and its sequels go on. */
    void stop() throws InterruptedException {
        stopped = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    List<SubmittedJob> submissions() {
        return List.copyOf(submissions);
    }

    private void keepBusy(Way way, int offset) {
        try {
            int accepted = 0;
            while (!stopped || accepted < Sequel.TURNS_OF_ALL) {
                if (underWay(way) >= backlog) {
                    LockSupport.parkNanos(BETWEEN.toNanos());
                    continue;
                }
                int turn = offset + accepted;
                WantedVideo wanted = WantedVideo.ALL.get(turn % WantedVideo.ALL.size());
                if (submit(wanted, way, Sequel.of(turn)).isAccepted()) {
                    accepted++;
                } else {
                    LockSupport.parkNanos(AFTER_A_FAILURE.toNanos());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long underWay(Way way) {
        return submissions.stream()
                .filter(submission -> submission.way().equals(way.name())
                        && submission.isAccepted()
                        && !ends.ended().contains(submission.job()))
                .count();
    }

    @Override
    public void close() {
        clients.close();
        program.close();
    }
}
