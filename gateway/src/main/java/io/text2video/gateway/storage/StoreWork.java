package io.text2video.gateway.storage;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.io.IOException;

/** What asks the object store, and waits for its answer. */
@FunctionalInterface
interface StoreWork<T> {
    T run() throws IOException;

    /**
     * Has it done by a thread that may wait.
     *
     * @param failure what the store does not do when the work fails
     */
    static <T> Uni<T> onWorker(String failure, StoreWork<T> work) {
        return Uni.createFrom()
                .item(() -> {
                    try {
                        return work.run();
                    } catch (IOException e) {
                        throw new StoreUnavailableException("the object store " + failure, e);
                    }
                })
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }
}
