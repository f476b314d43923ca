package io.text2video.standalone.faults;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;

/**
 * Does a plan's faults to a fleet, one after the other. What lasts goes on beside the next ones; a process is hit only
 * once it serves, so that a kill ends work and not a start.
 */
final class FaultInjector implements AutoCloseable {
    private static final Duration LEAVE = Duration.ofMinutes(2);
    private static final Duration DELAY_OF_SLOW = Duration.ofMillis(150);

    private final Fleet fleet;
    private final List<InjectedFault> injected = new CopyOnWriteArrayList<>();
    private final List<Duration> leavings = new ArrayList<>();
    /** One thread is for what is due, and one to wait for the broker. */
    private final ScheduledExecutorService ends = Executors.newScheduledThreadPool(2);
    /** Of what lasts, by what it is done to. */
    private final Map<Object, Future<?>> lasting = new HashMap<>();

    FaultInjector(Fleet fleet) {
        this.fleet = fleet;
    }

    List<InjectedFault> injected() {
        return List.copyOf(injected);
    }

    /** How long each process that was sent SIGTERM took to leave. */
    List<Duration> leavings() {
        return List.copyOf(leavings);
    }

    void inject(FaultPlan.PlannedFault fault) throws Exception {
        LockSupport.parkNanos(fault.pause().toNanos());
        switch (fault.kind()) {
            case KILL_WORKER, KILL_GATEWAY, KILL_BROKER -> kill(fault, target(fault));
            case TERMINATE_WORKER, TERMINATE_GATEWAY, RESTART_BROKER -> terminate(fault, target(fault));
            case FREEZE_WORKER -> freeze(fault, target(fault));
            case CUT_STORE -> disturb(fault, fleet.storeProxy(), TcpProxy::cut);
            case SLOW_STORE -> disturb(fault, fleet.storeProxy(), proxy -> proxy.slow(DELAY_OF_SLOW));
            case DROP_STORE -> disturb(fault, fleet.storeProxy(), TcpProxy::drop);
            case CUT_WORKERS_BROKER -> disturb(fault, fleet.workersBroker(), TcpProxy::cut);
            case CUT_GATEWAYS_BROKER -> disturb(fault, fleet.gatewaysBroker(), TcpProxy::cut);
        }
    }

    /** Waits for the end of all that lasts, and for every process to serve. */
    void settle() throws Exception {
        for (Object target : List.copyOf(lasting.keySet())) {
            awaitEnd(target);
        }
        fleet.broker().awaitReady();
        fleet.gateways().forEach(Program::awaitReady);
        fleet.workers().forEach(Program::awaitReady);
    }

    private Program target(FaultPlan.PlannedFault fault) throws Exception {
        Program target =
                switch (fault.kind()) {
                    case KILL_WORKER, FREEZE_WORKER, TERMINATE_WORKER -> of(fleet.workers(), fault);
                    case KILL_GATEWAY, TERMINATE_GATEWAY -> of(fleet.gateways(), fault);
                    default -> fleet.broker();
                };
        awaitEnd(target);
        target.awaitReady();
        if (fault.kind().endsAttempts()) {
            awaitAnother(target);
        }
        return target;
    }

    /** A pool of which nothing is left takes nothing over: somebody else is to be there. */
    private void awaitAnother(Program worker) {
        Awaitility.await("another worker than " + worker.incarnation())
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(250))
                .until(() -> fleet.workers().stream()
                        .anyMatch(other -> other != worker && other.isLike(worker) && other.isReady()));
    }

    private static Program of(List<Program> programs, FaultPlan.PlannedFault fault) {
        return programs.get(fault.target() % programs.size());
    }

    private void kill(FaultPlan.PlannedFault fault, Program target) throws Exception {
        var kill = InjectedFault.now(fault.kind(), target.incarnation());
        target.kill();
        startAfter(kill, target);
    }

    private void terminate(FaultPlan.PlannedFault fault, Program target) throws Exception {
        var termination = InjectedFault.now(fault.kind(), target.incarnation());
        leavings.add(target.terminate(LEAVE));
        startAfter(termination.until(Instant.now()), target);
    }

    /** There are other workers and gateways, but one broker: without it all wait until it serves again. */
    private void startAfter(InjectedFault fault, Program target) throws IOException {
        target.start();
        if (target != fleet.broker()) {
            injected.add(fault);
            return;
        }
        lasting.put(target, ends.submit(() -> {
            target.awaitReady();
            injected.add(fault.until(Instant.now()));
        }));
    }

    private void freeze(FaultPlan.PlannedFault fault, Program target) throws Exception {
        injected.add(lasting(fault, target.incarnation()));
        target.freeze();
        end(fault, target, () -> {
            try {
                target.thaw();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void disturb(FaultPlan.PlannedFault fault, TcpProxy proxy, Disturbance disturbance) throws Exception {
        awaitEnd(proxy);
        injected.add(lasting(fault, fault.kind().isOfTheStore() ? "store" : "broker"));
        disturbance.begin(proxy);
        end(fault, proxy, proxy::heal);
    }

    private static InjectedFault lasting(FaultPlan.PlannedFault fault, String target) {
        var begun = InjectedFault.now(fault.kind(), target);
        return begun.until(begun.begin().plus(fault.length()));
    }

    private void end(FaultPlan.PlannedFault fault, Object target, Runnable end) {
        lasting.put(target, ends.schedule(end, fault.length().toMillis(), TimeUnit.MILLISECONDS));
    }

    private void awaitEnd(Object target) throws Exception {
        Future<?> end = lasting.remove(target);
        if (end != null) {
            end.get();
        }
    }

    @Override
    public void close() {
        ends.shutdownNow();
    }

    @FunctionalInterface
    private interface Disturbance {
        void begin(TcpProxy proxy);
    }
}
