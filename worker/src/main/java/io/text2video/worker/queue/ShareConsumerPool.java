package io.text2video.worker.queue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Several members of a share group in one worker, so that it can take a job while it holds others: a member that holds one
 * cannot poll for the next. Each renews, ends and loses its job by itself.
 *
 * <p>A member that was asked in vain is the first to be asked again. A fetch of it may be on its way; what that brings is
 * locked from then on, and would wait for its lock to run out if nobody took it.
 */
public final class ShareConsumerPool implements JobQueue {
    private final Supplier<ShareGroupJobQueue> join;
    private final int most;
    private final List<ShareGroupJobQueue> lanes = new ArrayList<>();
    private ShareGroupJobQueue next;

    /**
     * Joins with one member; the others join when they are needed, and stay.
     *
     * @param join makes a member
     * @param most how many jobs may be held at once
     */
    public ShareConsumerPool(Supplier<ShareGroupJobQueue> join, int most) {
        this.join = join;
        this.most = most;
        this.next = join();
    }

    @Override
    public int capacity() {
        return most;
    }

    @Override
    public synchronized Optional<Delivery> next(Duration wait) {
        if (next == null) {
            next = lanes.stream().filter(ShareGroupJobQueue::isFree).findFirst().orElseGet(this::join);
        }
        Optional<Delivery> delivery = next.next(wait);
        if (delivery.isPresent()) {
            next = null;
        }
        return delivery;
    }

    @Override
    public synchronized void close() {
        lanes.forEach(JobQueue::close);
    }

    private ShareGroupJobQueue join() {
        if (lanes.size() == most) {
            throw new IllegalStateException("none of %d deliveries has been ended".formatted(most));
        }
        ShareGroupJobQueue lane = join.get();
        lanes.add(lane);
        return lane;
    }
}
