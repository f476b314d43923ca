package io.text2video.standalone.faults;

import io.text2video.common.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Do about their jobs what they do, beside each other, and remember what was answered. What has no clear answer is asked
 * again, of the next gateway. Thread-safe.
 */
final class Clients implements AutoCloseable {
    private static final Duration AGAIN = Duration.ofMillis(500);
    private static final Duration LOOK = Duration.ofMillis(100);
    /** Cancels come after up to so many of these: to some jobs while they wait, to others while they run. */
    private static final int LATER = 8;

    private static final Duration LATENESS = Duration.ofMillis(300);

    private final List<HarnessClient> gateways;
    private final OtherProgram program;
    private final EndWatch ends;
    private final List<ClientAct> acts = new CopyOnWriteArrayList<>();
    private final List<Future<?>> sequels = new CopyOnWriteArrayList<>();
    private final AtomicInteger turns = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "client");
        thread.setDaemon(true);
        return thread;
    });

    Clients(List<HarnessClient> gateways, OtherProgram program, EndWatch ends) {
        this.gateways = List.copyOf(gateways);
        this.program = program;
        this.ends = ends;
    }

    List<ClientAct> acts() {
        return List.copyOf(acts);
    }

    /** Jobs that were made by what was sent about others. */
    Set<String> strays() {
        return acts.stream()
                .filter(act -> act.is(ClientAct.Kind.STRAY, Answer.Outcome.ACCEPTED))
                .map(ClientAct::job)
                .collect(Collectors.toSet());
    }

    /** Begins with that, beside all else. */
    void follow(SubmittedJob submission, WantedVideo wanted, String webhook, Sequel sequel) {
        sequels.add(threads.submit(() -> {
            follow(submission.job(), submission.number(), wanted, webhook, sequel);
            return null;
        }));
    }

    private void follow(String job, int number, WantedVideo wanted, String webhook, Sequel sequel)
            throws InterruptedException {
        Duration later = LATENESS.multipliedBy(number % LATER);
        switch (sequel) {
            case NONE -> {}
            case CANCEL -> {
                pause(later);
                cancel(job);
            }
            case CANCEL_BY_RECORD -> {
                pause(later);
                insist(ClientAct.Kind.CANCEL_RECORD, job, program::cancel);
            }
            case DELETE_AT_ONCE -> {
                pause(later);
                delete(job);
            }
            case DELETE_ENDED -> {
                while (!ends.ended().contains(job)) {
                    pause(LOOK);
                }
                delete(job);
                resend(job, wanted, webhook);
            }
            case RESEND -> resend(job, wanted, webhook);
            case SPOIL -> {
                insist(ClientAct.Kind.SPOIL, job, program::spoil);
                insist(ClientAct.Kind.STRAY, JobId.next().toString(), program::spoil);
            }
        }
    }

    /** Until it is answered. */
    void cancel(String job) throws InterruptedException {
        ask(
                ClientAct.Kind.CANCEL,
                job,
                HarnessClient::cancel,
                Set.of(Answer.Outcome.ACCEPTED, Answer.Outcome.NOT_FOUND));
    }

    /** Until there is no such job. */
    void delete(String job) throws InterruptedException {
        ask(ClientAct.Kind.DELETE, job, HarnessClient::delete, Set.of(Answer.Outcome.NOT_FOUND));
    }

    void resend(String job, WantedVideo wanted, String webhook) throws InterruptedException {
        insist(ClientAct.Kind.RESEND, job, id -> program.resend(id, wanted, webhook));
    }

    /** Asks every gateway how the job stands. */
    void look(String job) throws InterruptedException {
        for (HarnessClient gateway : gateways) {
            act(ClientAct.Kind.LOOK, job, gateway.name(), gateway::look);
        }
    }

    /**
     * Waits for all that was begun.
     *
     * @return whether it came to its end in time
     */
    boolean finish(Duration limit) throws InterruptedException, ExecutionException {
        long end = System.nanoTime() + limit.toNanos();
        for (Future<?> sequel : new ArrayList<>(sequels)) {
            try {
                sequel.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                return false;
            }
        }
        return true;
    }

    private void ask(ClientAct.Kind kind, String job, OfGateway question, Set<Answer.Outcome> clear)
            throws InterruptedException {
        while (true) {
            HarnessClient gateway = gateways.get(turns.getAndIncrement() % gateways.size());
            Answer answer = act(kind, job, gateway.name(), id -> question.ask(gateway, id));
            if (clear.contains(answer.outcome())) {
                return;
            }
            if (answer.outcome() != Answer.Outcome.ACCEPTED) {
                pause(AGAIN);
            }
        }
    }

    private void insist(ClientAct.Kind kind, String job, Act record) throws InterruptedException {
        while (act(kind, job, program.name(), record).outcome() != Answer.Outcome.ACCEPTED) {
            pause(AGAIN);
        }
    }

    private Answer act(ClientAct.Kind kind, String job, String way, Act act) throws InterruptedException {
        Instant sent = Instant.now();
        Answer answer = act.about(job);
        acts.add(new ClientAct(kind, job, way, sent, Instant.now(), answer.outcome(), answer.text()));
        return answer;
    }

    private static void pause(Duration time) throws InterruptedException {
        Thread.sleep(time.toMillis());
    }

    @FunctionalInterface
    private interface Act {
        Answer about(String job) throws InterruptedException;
    }

    @FunctionalInterface
    private interface OfGateway {
        Answer ask(HarnessClient gateway, String job) throws InterruptedException;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
