package io.text2video.gateway.commands;

import io.text2video.gateway.storage.StoreAway;
import java.io.IOException;

/** A deletion that never comes to its second step, since the store does not answer. */
public final class DeletionWithoutStore {
    private DeletionWithoutStore() {}

    public static JobDeletion create() throws IOException {
        return new JobDeletion(null, StoreAway.ends(), null);
    }
}
