package io.text2video.standalone.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** The faults of a run, drawn from its seed: the same seed gives the same ones, in their order and with their pauses. */
record FaultPlan(long seed, List<PlannedFault> faults) {
    /** One kill in so many is followed by a fault of another kind. */
    private static final int KILLS_PER_OTHER = 3;

    private static final int SHORTEST_PAUSE_MS = 500;
    private static final int LONGEST_PAUSE_MS = 5_000;

    /**
     * One of them.
     *
     * @param pause before it
     * @param target which of its kind it hits, to be taken modulo how many there are
     * @param length how long it lasts, of one that lasts
     */
    record PlannedFault(int number, FaultKind kind, Duration pause, int target, Duration length) {}

    FaultPlan {
        faults = List.copyOf(faults);
    }

    /** @param kills how many processes are killed; other faults come in between */
    static FaultPlan draw(long seed, int kills) {
        var random = new SplittableRandom(seed);
        List<PlannedFault> faults = new ArrayList<>();
        for (int kill = 0; kill < kills; kill++) {
            faults.add(draw(random, faults.size() + 1, true));
            if (random.nextInt(KILLS_PER_OTHER) == 0) {
                faults.add(draw(random, faults.size() + 1, false));
            }
        }
        return new FaultPlan(seed, faults);
    }

    private static PlannedFault draw(SplittableRandom random, int number, boolean kill) {
        FaultKind kind = kind(random, kill);
        Duration pause = Duration.ofMillis(random.nextInt(SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS));
        int target = random.nextInt(1 << 10);
        long lock = Fleet.RECORD_LOCK.toMillis();
        long length = kind == FaultKind.FREEZE_WORKER
                ? random.nextLong(lock * 4 / 3, lock * 3)
                : random.nextLong(lock / 2, lock * 2);
        return new PlannedFault(number, kind, pause, target, Duration.ofMillis(length));
    }

    private static FaultKind kind(SplittableRandom random, boolean kill) {
        List<FaultKind> kinds = Arrays.stream(FaultKind.values())
                .filter(kind -> kind.isKill() == kill)
                .toList();
        int drawn = random.nextInt(kinds.stream().mapToInt(FaultKind::weight).sum());
        for (FaultKind kind : kinds) {
            drawn -= kind.weight();
            if (drawn < 0) {
                return kind;
            }
        }
        throw new IllegalStateException("no kind was drawn");
    }
}
