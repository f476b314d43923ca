package io.text2video.gateway.storage;

import io.smallrye.mutiny.Uni;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.common.storage.ObjectStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Which {@code Idempotency-Key} has which answer, in the bucket: of any number of requests with one key, at any gateways, one
 * creates the object. All but {@link #forgetOld} fails with {@link StoreUnavailableException}, after which it may or may not have
 * been done.
 */
@ApplicationScoped
public class FirstAnswers {
    /** How long an answer is kept at least; the leading gateway's clean-up removes it after that. */
    public static final Duration KEPT = Duration.ofHours(24);

    private final ObjectStore objects;

    FirstAnswers(VideoStore store) {
        objects = store.objects();
    }

    /** @param name made of the key; letters and digits */
    public Uni<Optional<FirstAnswer>> find(String name) {
        return StoreWork.onWorker("does not show whether the Idempotency-Key was used", () -> read(name));
    }

    /**
     * Keeps the answer, unless the key has one.
     *
     * @return the key's one answer: {@code answer}, or the one that came before it
     */
    public Uni<FirstAnswer> keep(String name, FirstAnswer answer) {
        return StoreWork.onWorker(
                "does not keep the Idempotency-Key",
                () -> objects.putIfAbsent(ObjectKeys.firstAnswer(name), JsonCodec.write(answer), "application/json")
                        ? answer
                        : read(name).orElseThrow(() -> new IOException("the key's answer has just been removed")));
    }

    /**
     * Removes the first {@code most} answers that need not be kept any longer.
     *
     * @return how many were removed
     */
    public int forgetOld(Instant now, int most) throws IOException {
        var old = objects.listWrittenBefore(now.minus(KEPT), ObjectKeys.FIRST_ANSWERS, most);
        for (String key : old) {
            objects.remove(key);
        }
        return old.size();
    }

    private Optional<FirstAnswer> read(String name) throws IOException {
        String key = ObjectKeys.firstAnswer(name);
        Optional<byte[]> stored = objects.read(key);
        try {
            return stored.isEmpty() ? Optional.empty() : Optional.of(JsonCodec.read(stored.get(), FirstAnswer.class));
        } catch (InvalidMessageException e) {
            throw new IOException("%s is no answer: %s".formatted(key, e.getMessage()), e);
        }
    }
}
