package io.text2video.standalone.faults;

/** What is done to the fleet. */
enum FaultKind {
    KILL_WORKER(true, 75),
    KILL_GATEWAY(true, 18),
    KILL_BROKER(true, 7),
    /** SIGSTOP for longer than the lock, then SIGCONT: a zombie. */
    FREEZE_WORKER(false, 4),
    /** SIGTERM, then a new one. */
    TERMINATE_WORKER(false, 3),
    TERMINATE_GATEWAY(false, 2),
    RESTART_BROKER(false, 1),
    CUT_STORE(false, 3),
    SLOW_STORE(false, 2),
    DROP_STORE(false, 2),
    CUT_WORKERS_BROKER(false, 2),
    CUT_GATEWAYS_BROKER(false, 1);

    private final boolean kill;
    private final int weight;

    FaultKind(boolean kill, int weight) {
        this.kill = kill;
        this.weight = weight;
    }

    /** Whether it is a kill -9: these are what rounds count. */
    boolean isKill() {
        return kill;
    }

    /** How often it is drawn, among kills or among the others. */
    int weight() {
        return weight;
    }

    boolean isOfTheStore() {
        return this == CUT_STORE || this == SLOW_STORE || this == DROP_STORE;
    }

    /** Whether it takes a worker away, so that its job is another's. */
    boolean endsAttempts() {
        return this == KILL_WORKER || this == FREEZE_WORKER || this == TERMINATE_WORKER;
    }
}
