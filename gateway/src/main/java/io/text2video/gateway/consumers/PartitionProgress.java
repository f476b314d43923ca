package io.text2video.gateway.consumers;

import java.time.Instant;
import java.util.Base64;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * How far a partition's records are done. Each is finished when its own time has come, so in any order. The committed offset
 * is that of the first one that is not; which of those behind it are finished is in the commit's metadata, and the partition's
 * next owner does not repeat them. Of a record that waits, only its offset and its time are kept. Not thread-safe.
 *
 * <pre>
 *   not read ──► in flight ──► finished ──► committed
 *                  │    ▲
 *                  ▼    │ due
 *                 waiting
 * </pre>
 */
final class PartitionProgress {
    /** Of how many records it is known at most what has become of them: a bit each must fit into a commit's metadata. */
    static final int MOST_OPEN = 16_384;

    private static final String FINISHED = "finished=";
    private static final int MOVED_AT_ONCE = 4;

    private final int mostOpen;
    private final BitSet finished;
    private final Set<Long> inFlight = new HashSet<>();
    private final TreeMap<Long, Instant> waiting = new TreeMap<>();
    private long first;
    private long next;
    private long position;
    private long moveBelow;
    private boolean changed;

    private PartitionProgress(long first, BitSet finished, int mostOpen) {
        this.first = first;
        this.finished = finished;
        this.mostOpen = mostOpen;
        next = first;
        position = first;
    }

    /** Of a partition of which nothing was committed yet. */
    static PartitionProgress from(long offset, int mostOpen) {
        return new PartitionProgress(offset, new BitSet(), mostOpen);
    }

    /** As it was committed. */
    static PartitionProgress from(OffsetAndMetadata committed, int mostOpen) {
        return new PartitionProgress(committed.offset(), read(committed.metadata()), mostOpen);
    }

    /** What is to be done with a record that was read. */
    enum Step {
        /** It is finished, in flight, not yet due or too far ahead. */
        SKIP,
        HAND_OVER,
        /** It has waited while so many others were written that it is to be written again behind them. */
        MOVE
    }

    /**
     * Takes the first record at or behind {@link #position}. One that is not skipped is in flight until {@link #finish} or
     * {@link #waitUntil}.
     */
    Step take(long offset, Instant now) {
        passOver(offset);
        position = offset + 1;
        if (offset >= next) {
            if (offset - first >= mostOpen) {
                return Step.SKIP;
            }
            next = offset + 1;
            return isFinished(offset) ? Step.SKIP : begin(offset, Step.HAND_OVER);
        }
        Instant due = waiting.get(offset);
        if (due == null) {
            return Step.SKIP;
        }
        if (!due.isAfter(now)) {
            return begin(offset, Step.HAND_OVER);
        }
        return offset < moveBelow ? begin(offset, Step.MOVE) : Step.SKIP;
    }

    void finish(long offset) {
        inFlight.remove(offset);
        waiting.remove(offset);
        if (offset < first) {
            return;
        }
        finished.set(Math.toIntExact(offset - first));
        changed = true;
        int done = finished.nextClearBit(0);
        if (done > 0) {
            BitSet left = finished.get(done, Math.max(done, finished.length()));
            finished.clear();
            finished.or(left);
            first += done;
            next = Math.max(next, first);
        }
    }

    void waitUntil(long offset, Instant due) {
        inFlight.remove(offset);
        waiting.put(offset, due);
    }

    /** The offset that is to be read next; nothing while there is none that may be begun. */
    OptionalLong wanted(Instant now) {
        if (isFull()) {
            moveBelow = Math.max(moveBelow, first + mostOpen / MOVED_AT_ONCE);
        }
        for (Map.Entry<Long, Instant> entry : waiting.entrySet()) {
            if (entry.getKey() < moveBelow || !entry.getValue().isAfter(now)) {
                return OptionalLong.of(entry.getKey());
            }
        }
        return isFull() ? OptionalLong.empty() : OptionalLong.of(next);
    }

    /** How many records were read that are not finished. */
    int open() {
        return inFlight.size() + waiting.size();
    }

    /** Behind all that was read. */
    long next() {
        return next;
    }

    /** The first that is not finished. */
    long first() {
        return first;
    }

    /** Where the next read begins. */
    long position() {
        return position;
    }

    void seek(long offset) {
        position = offset;
    }

    /** The earliest time that a waiting record is due. */
    Instant earliestDue() {
        return waiting.values().stream().min(Instant::compareTo).orElse(Instant.MAX);
    }

    /** Whether there is something to commit since the last {@link #commit}. */
    boolean isChanged() {
        return changed;
    }

    void committed() {
        changed = false;
    }

    OffsetAndMetadata commit() {
        String metadata =
                finished.isEmpty() ? "" : FINISHED + Base64.getEncoder().encodeToString(finished.toByteArray());
        return new OffsetAndMetadata(first, metadata);
    }

    private Step begin(long offset, Step step) {
        waiting.remove(offset);
        inFlight.add(offset);
        return step;
    }

    /** Retention has removed them, or they never were. */
    private void passOver(long offset) {
        for (long gone = Math.max(first, position); gone < Math.min(offset, first + mostOpen); gone++) {
            if (!inFlight.contains(gone)) {
                finish(gone);
            }
            next = Math.max(next, gone + 1);
        }
    }

    private boolean isFull() {
        return next - first >= mostOpen;
    }

    private boolean isFinished(long offset) {
        return offset < first || finished.get(Math.toIntExact(offset - first));
    }

    private static BitSet read(String metadata) {
        if (metadata == null || !metadata.startsWith(FINISHED)) {
            return new BitSet();
        }
        try {
            return BitSet.valueOf(Base64.getDecoder().decode(metadata.substring(FINISHED.length())));
        } catch (IllegalArgumentException e) {
            return new BitSet();
        }
    }
}
